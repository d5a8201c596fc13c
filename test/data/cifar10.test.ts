import { expect } from 'chai';
import { cifar10Classes, readCifar10, writeCifar10 } from '../../src/data/cifar10.js';
import { firstImages, imageDataset, joinImages } from '../../src/data/images.js';
import { ValueError } from '../../src/tensor/error.js';
import { itRefuses } from '../refuses.js';

const RECORD = 3073;

/** Two records as the format's description says: label, 1024 red, 1024 green, 1024 blue. */
function twoPictures(): Uint8Array {
  const bytes = new Uint8Array(2 * RECORD);
  bytes[0] = 9;
  bytes.fill(10, 1, 1025).fill(20, 1025, 2049).fill(30, 2049, RECORD);
  bytes[RECORD] = 2;
  bytes[RECORD + 1 + 33] = 255; // red, row 1, column 1
  return bytes;
}

describe('the binary format of CIFAR-10', () => {
  it('is read as labels and brightness by channel, row and column', () => {
    const { size, shape, pixels, labels } = readCifar10(twoPictures());
    expect([size, shape, [...labels]]).to.deep.equal([2, [3, 32, 32], [9, 2]]);
    expect([pixels[0], pixels[1023], pixels[1024], pixels[2048], pixels[3071]]).to.deep.equal([10, 10, 20, 30, 30]); // prettier-ignore
    expect([pixels.indexOf(255), pixels.length]).to.deep.equal([3072 + 32 + 1, 6144]);
  });

  it('is written back to the same bytes', () => {
    expect(writeCifar10(readCifar10(twoPictures()))).to.deep.equal(twoPictures());
  });

  it('becomes a dataset whose brightness goes from −1 to 1', () => {
    const images = readCifar10(twoPictures());
    const parts = { name: 'two', classNames: cifar10Classes, train: images, validation: firstImages(images, 1, 'two') }; // prettier-ignore
    const { train, validation, classes, classNames } = imageDataset({ ...parts, dtype: 'float32' });
    expect([train.x.shape, train.x.dtype, train.labels.value]).to.deep.equal([[2, 3, 32, 32], 'float32', [9, 2]]); // prettier-ignore
    expect(train.x.data()[3072 + 33]).to.equal(1);
    expect(train.x.data()[3072]).to.equal(-1);
    expect(train.x.data()[0]).to.equal(Math.fround(20 / 255 - 1));
    expect([validation.size, classes, classNames?.[9]]).to.deep.equal([1, 10, 'truck']);
    expect(imageDataset(parts).train.x.dtype).to.equal('float64');
  });

  it('joins several files in their order', () => {
    const images = readCifar10(twoPictures());
    const { size, labels, pixels } = joinImages([images, firstImages(images, 1, 'two')]);
    expect([size, [...labels], pixels[6144]]).to.deep.equal([3, [9, 2, 9], 10]);
  });

  const withByte = (place: number, value: number) => twoPictures().fill(value, place, place + 1);
  // prettier-ignore
  itRefuses([
    ['an empty file', () => readCifar10(new Uint8Array(0), 'a.bin'), ValueError, /^a\.bin: 0 bytes are no whole number of pictures, which take 3073 bytes each;/],
    ['a file that is cut off', () => readCifar10(twoPictures().subarray(0, 6145), 'a.bin'), ValueError, /^a\.bin: 6145 bytes are no whole number.*behind picture 0 there are 3072 bytes; the file is cut off/],
    ['a file with bytes too many', () => readCifar10(new Uint8Array(2 * RECORD + 1), 'a.bin'), ValueError, /behind picture 1 there are 1 bytes/],
    ['fewer pictures than expected', () => readCifar10(twoPictures(), 'a.bin', 3), ValueError, /^a\.bin: it has 6146 bytes, but 3 pictures take 9219; the file is cut off, so fetch it again/],
    ['more pictures than expected', () => readCifar10(twoPictures(), 'a.bin', 1), ValueError, /the file is too long/],
    ['a label byte out of range', () => readCifar10(withByte(RECORD, 10), 'a.bin'), ValueError, /^a\.bin: the label of picture 1, byte 3073, is 10, but CIFAR-10 has the labels 0 to 9/],
    ['a compressed file', () => readCifar10(Uint8Array.of(0x1f, 0x8b, 8)), ValueError, /compressed with gzip/],
    ['to write pictures of another size', () => writeCifar10({ ...readCifar10(twoPictures()), shape: [1, 28, 28] }), ValueError, /not pictures of 1x28x28/],
    ['to write a label out of range', () => writeCifar10({ ...readCifar10(twoPictures()), labels: Uint8Array.of(1, 11) }), ValueError, /not label 11 of picture 1/],
    ['more pictures than there are', () => firstImages(readCifar10(twoPictures()), 3, 'two'), ValueError, /^two: 3 pictures are asked for; there are 2/],
    ['no pictures', () => firstImages(readCifar10(twoPictures()), 0, 'two'), ValueError, /^two: 0 pictures/],
  ]);
});
