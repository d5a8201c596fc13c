import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect } from 'chai';
import { readCifar10 } from '../../src/data/cifar10.js';
import { imageClasses, imageClassNames, imageClassRecords } from '../../src/data/image-classes.js';
import { convNet } from '../../src/nn/conv-net.js';
import { Flatten } from '../../src/nn/elementwise.js';
import { Linear } from '../../src/nn/linear.js';
import type { Module } from '../../src/nn/module.js';
import { sequential } from '../../src/nn/sequential.js';
import { adam } from '../../src/optim/adam.js';
import { random } from '../../src/random/random.js';
import { ValueError } from '../../src/tensor/error.js';
import { identical } from '../../src/tensor/tensor.js';
import { train } from '../../src/training/train.js';
import { itRefuses } from '../refuses.js';

describe('imageClasses', () => {
  const small = { seed: 3, train: 40, validation: 20 };

  it('has ten classes of pictures with 3 channels of 32 by 32 pixels', () => {
    const { name, classes, classNames, train, validation } = imageClasses(small);
    expect([name, classes, classNames]).to.deep.equal(['imageClasses', 10, imageClassNames]);
    expect(new Set(imageClassNames).size).to.equal(10);
    expect([train.x.shape, validation.x.shape]).to.deep.equal([[40, 3, 32, 32], [20, 3, 32, 32]]); // prettier-ignore
  });

  it('has as many pictures of every class, in varying order', () => {
    const labels = [...imageClasses(small).train.labels.data()];
    const tens = [0, 1, 2, 3].map((k) => labels.slice(10 * k, 10 * k + 10));
    for (const ten of tens) expect(new Set(ten).size).to.equal(10);
    expect(tens[0]).not.to.deep.equal(tens[1]);
  });

  it('is the same for the same seed, bit for bit, and another for another', () => {
    const data = imageClasses(small);
    expect(identical(imageClasses(small).train.x, data.train.x)).to.equal(true);
    expect(identical(imageClasses({ ...small, seed: 4 }).train.x, data.train.x)).to.equal(false);
    expect(identical(imageClasses({ ...small, train: 20 }).train.x, data.validation.x)).to.equal(false);
    expect(bytesToHex(sha256(imageClassRecords(random(1), 20)))).to.equal(
      'ff967ca978d96726c4975fe2ee51502addbdca1b3869fed4796eef629529bb7a',
    );
  });

  it('begins with the same pictures in any number', () => {
    const [few, many] = [imageClassRecords(random(1), 13), imageClassRecords(random(1), 30)];
    expect(many.subarray(0, few.length)).to.deep.equal(few);
    expect(readCifar10(few).size).to.equal(13);
  });

  describe('is hard for a linear model and leaves room for a convolutional network:', () => {
    const data = imageClasses({ seed: 0, train: 4000, validation: 1000, dtype: 'float32' });
    const accuracy = async (model: Module, epochs: number, rate: number, batchSize: number) => {
      const { history } = await train({ data, model, optimizer: adam({ rate }), epochs, batchSize, seed: 1 });
      return history.at(-1)!.validationAccuracy;
    };

    it('the first stays between 30 and 60 percent', async () => {
      const linear = new Linear(3072, 10, { dtype: 'float32', initializer: 'kaiming-uniform' });
      expect(await accuracy(sequential([new Flatten(), linear]), 5, 0.0005, 32)).to.be.within(0.3, 0.6);
    });

    it('the second exceeds 60 percent', async () => {
      const model = convNet({ channels: 3, size: 32, classes: 10, dtype: 'float32' });
      expect(await accuracy(model, 4, 0.001, 8)).to.be.greaterThan(0.6);
    });
  });

  // prettier-ignore
  itRefuses([
    ['no pictures', () => imageClasses({ ...small, train: 0 }), ValueError, /^imageClasses: 0 pictures are asked for, but it must be a positive integer/],
    ['half a picture', () => imageClasses({ ...small, validation: 1.5 }), ValueError, /^imageClasses: 1\.5 pictures/],
  ]);
});
