import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { gunzip, isGzip } from '../../src/data/gzip.js';
import { readIdx, readMnist } from '../../src/data/mnist.js';
import { ValueError } from '../../src/tensor/error.js';
import { itRefuses } from '../refuses.js';

const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255); // prettier-ignore
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
const files = { images: 'i.idx', labels: 'l.idx' };
const changed = (bytes: Uint8Array, place: number, value: number) =>
  bytes.slice().fill(value, place, place + 1);

describe('the IDX format of MNIST', () => {
  it('is read as shape and numbers', () => {
    const { shape, values } = readIdx(images);
    expect([shape, values.length, values[11]]).to.deep.equal([[2, 2, 3], 12, 255]);
  });

  it('is read from the middle of a buffer', () => {
    const inside = new Uint8Array(100);
    inside.set(labels, 7);
    expect(readIdx(inside.subarray(7, 17)).shape).to.deep.equal([2]);
  });

  it('gives pictures with one channel', () => {
    const { size, shape, pixels, labels: read } = readMnist(images, labels);
    expect([size, shape, pixels[0], [...read]]).to.deep.equal([2, [1, 2, 3], 1, [7, 9]]);
  });

  // prettier-ignore
  itRefuses([
    ['an empty file', () => readIdx(new Uint8Array(0), 'i.idx'), ValueError, /^i\.idx: an IDX file begins with two bytes of 0, a type and a number of axes, but this one with \[\]/],
    ['a foreign file', () => readIdx(Uint8Array.of(80, 75, 3, 4), 'i.idx'), ValueError, /an IDX file begins with/],
    ['numbers that are no bytes', () => readIdx(changed(images, 2, 0x0d), 'i.idx'), ValueError, /^i\.idx: the numbers are of type 13, but those of MNIST are bytes, type 8/],
    ['a header that is cut off', () => readIdx(images.subarray(0, 15), 'i.idx'), ValueError, /^i\.idx: 15 bytes do not hold the lengths of its 3 axes/],
    ['numbers that are cut off', () => readIdx(images.subarray(0, 27), 'i.idx'), ValueError, /^i\.idx: 2x2x3 numbers take 28 bytes with the header, but there are 27; the file is cut off/],
    ['bytes too many', () => readIdx(Uint8Array.of(...labels, 0), 'l.idx'), ValueError, /^l\.idx: 2 numbers take 10 bytes.*but there are 11; the file is too long/],
    ['sizes beyond all memory', () => readIdx(changed(images, 4, 255), 'i.idx'), ValueError, /the file is cut off/],
    ['a compressed file', () => readIdx(gzipSync(images), 'i.gz'), ValueError, /^i\.gz: this is compressed with gzip; decompress it first/],
    ['files in the wrong order', () => readMnist(labels, images, files), ValueError, /^i\.idx holds numbers of shape 2 and l\.idx of shape 2x2x3, but pictures have three axes/],
    ['another number of labels', () => readMnist(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), files), ValueError, /^i\.idx holds 2 pictures, but l\.idx 1 labels; they do not belong together/],
    ['a label out of range', () => readMnist(images, changed(labels, 9, 10), files), ValueError, /^l\.idx: label 1 is 10, but MNIST has the labels 0 to 9/],
  ]);
});

describe('gzip', () => {
  const packed = new Uint8Array(gzipSync(new Uint8Array(100_000).fill(7)));
  const failure = (bytes: Uint8Array) => gunzip(bytes, 'a.gz').then(() => 'no failure', (error: unknown) => error); // prettier-ignore

  it('is told by its first bytes and decompressed', async () => {
    expect([isGzip(packed), isGzip(labels)]).to.deep.equal([true, false]);
    expect((await gunzip(packed)).every((byte) => byte === 7)).to.equal(true);
    expect(await gunzip(gzipSync(labels))).to.deep.equal(labels);
  });

  for (const [what, bytes] of [
    ['cut off', packed.subarray(0, packed.length - 20)],
    ['cut off behind its header', packed.subarray(0, 10)],
    ['damaged in its checksum', changed(packed, packed.length - 6, packed.at(-6)! ^ 1)],
    ['damaged in the middle', changed(packed, 40, packed[40]! ^ 255)],
    ['followed by something else', Uint8Array.of(...packed, 1, 2, 3)],
  ] as const) {
    it(`is refused when it is ${what}`, async () => {
      const error = await failure(bytes);
      expect(error).to.be.instanceOf(ValueError);
      expect(String(error)).to.match(
        /a\.gz: it cannot be decompressed \(.+\); the file is cut off or damaged/,
      );
    });
  }
});
