import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cifar10, mnist } from '../../src/data/image-files.js';
import { cifar10Source, type ImageSource, mnistSource } from '../../src/data/image-sources.js';
import { hasImageFiles } from '../../src/data/source-folder.js';
import { readTar } from '../../src/data/tar.js';
import { ValueError } from '../../src/tensor/error.js';
import { tarOf } from './tar-files.js';

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A record of CIFAR-10 a label. */
const batch = (...labels: number[]) => Buffer.concat(labels.map((label) => Buffer.alloc(3073, label)));
const batches = { 'one.bin': batch(1, 2), 'two.bin': batch(3), 'test.bin': batch(4, 5, 6) };
const archive = gzipSync(tarOf({ 'batches/readme': Buffer.from('hello'), ...batches }));
const files = (names: readonly (keyof typeof batches)[]) => names.map((file) => ({ file, sha256: sum(batches[file]) })); // prettier-ignore
const source: ImageSource = {
  ...cifar10Source,
  downloads: [{ ...cifar10Source.downloads[0]!, file: 'small.tar.gz' }],
  training: files(['one.bin', 'two.bin']),
  validation: files(['test.bin']),
};

const idx = {
  'images.gz': gzipSync(Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 255])),
  'labels.gz': gzipSync(Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 8])),
};
const digits = Object.entries(idx).map(([file, bytes]) => ({ file, sha256: sum(bytes) }));
const digitSource: ImageSource = { ...mnistSource, downloads: [], training: digits, validation: digits };

describe('files of pictures', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gradbook-data-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const place = (contents: Readonly<Record<string, Uint8Array>>, inside = '.') => {
    mkdirSync(join(folder, inside), { recursive: true });
    for (const [file, bytes] of Object.entries(contents)) writeFileSync(join(folder, inside, file), bytes);
  };
  const failure = (promise: Promise<unknown>) => promise.then(() => 'no failure', (error: unknown) => error); // prettier-ignore
  const expectRefusal = async (promise: Promise<unknown>, message: RegExp) => {
    const error = await failure(promise);
    expect(error).to.be.instanceOf(ValueError);
    expect((error as Error).message).to.match(message);
  };

  for (const inside of ['.', 'cifar-10-batches-bin']) {
    it(`of CIFAR-10 are read in ${inside}`, async () => {
      place(batches, inside);
      const { name, train, validation, classes } = await cifar10({ folder, source });
      expect([name, classes, train.labels.value, validation.size]).to.deep.equal([
        'CIFAR-10',
        10,
        [1, 2, 3],
        3,
      ]);
    });
  }

  it('of CIFAR-10 are read in their archive', async () => {
    place({ 'small.tar.gz': archive });
    const { train, validation } = await cifar10({ folder, source, train: 2, dtype: 'float32' });
    expect([train.labels.value, validation.labels.value]).to.deep.equal([[1, 2], [4, 5, 6]]); // prettier-ignore
    expect(train.x.dtype).to.equal('float32');
  });

  it('of MNIST are read compressed and decompressed', async () => {
    place(idx, 'mnist');
    const { train } = await mnist({ folder, source: digitSource });
    expect([train.x.value, train.labels.value]).to.deep.equal([[[[[-1]]], [[[1]]]], [3, 8]]); // prettier-ignore
    rmSync(join(folder, 'mnist', 'labels.gz'));
    place({ labels: Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 9, 8]) });
    expect((await mnist({ folder, source: digitSource })).train.labels.value).to.deep.equal([9, 8]);
  });

  it('are there when all of them are', () => {
    place({ 'one.bin': batches['one.bin'], 'two.bin': batches['two.bin'] });
    expect(hasImageFiles(source, folder)).to.equal(false);
    place({ 'test.bin': batches['test.bin'] });
    expect(hasImageFiles(source, folder)).to.equal(true);
  });

  it('that are missing are named, with the way to get them', () =>
    expectRefusal(
      cifar10({ folder }),
      /^CIFAR-10: there is no data_batch_1\.bin in .*run "npx gradbook data fetch cifar10", or, without network, [^]*kriz\/cifar-10-binary\.tar\.gz \(170052171 bytes, MD5 c32a1d4ab5d03f1284b67883e8d87530\)\n {4}as .*cifar-10-binary\.tar\.gz$/,
    ));

  it('that were changed are refused by their checksum', async () => {
    place({ ...batches, 'two.bin': batches['two.bin'].subarray(0, 3000) });
    await expectRefusal(cifar10({ folder, source }), /two\.bin: this is not two\.bin as it was published: its SHA-256 is .{64} instead of .{64}; with 3000 bytes it is cut off, damaged or another file/); // prettier-ignore
    place({ 'labels.gz': gzipSync(Buffer.from('x')), 'images.gz': idx['images.gz'] });
    await expectRefusal(mnist({ folder, source: digitSource }), /labels\.gz: this is not labels\.gz/);
  });

  it('in an archive that is cut off are refused', async () => {
    place({ 'small.tar.gz': archive.subarray(0, archive.length - 30) });
    await expectRefusal(cifar10({ folder, source }), /small\.tar\.gz: it cannot be decompressed/);
  });

  it('that an archive lacks are named', async () => {
    place({ 'small.tar.gz': gzipSync(tarOf({ 'one.bin': batches['one.bin'] })) });
    await expectRefusal(cifar10({ folder, source }), /small\.tar\.gz: there is no two\.bin in this archive/);
  });

  it('have published names and checksums', () => {
    const names = (parts: readonly { readonly file: string }[]) => parts.map(({ file }) => file);
    expect(names([...mnistSource.training, ...mnistSource.validation])).to.deep.equal(
      names(mnistSource.downloads),
    );
    expect(names(cifar10Source.training)).to.have.length(5);
    for (const { sha256 } of [
      ...cifar10Source.training,
      ...cifar10Source.validation,
      ...mnistSource.downloads,
    ]) {
      expect(sha256).to.match(/^[0-9a-f]{64}$/);
    }
  });
});

describe('tar', () => {
  it('gives the files of an archive by the last part of their path, whatever their size', () => {
    const given = { 'a/b/empty': Buffer.alloc(0), 'a/whole': Buffer.alloc(512, 7), 'a/more': Buffer.alloc(513, 8) }; // prettier-ignore
    const read = readTar(tarOf(given));
    expect([...read.keys()]).to.deep.equal(['empty', 'whole', 'more']);
    expect([...read.values()].map(({ length }) => length)).to.deep.equal([0, 512, 513]);
    expect(read.get('more')!.every((byte) => byte === 8)).to.equal(true);
  });

  it('refuses an archive that is cut off or damaged', () => {
    const bytes = tarOf({ a: Buffer.alloc(600, 1) });
    expect(() => readTar(bytes.subarray(0, 1000), 'x.tar')).to.throw(ValueError, 'x.tar: a is cut off');
    expect(() => readTar(bytes.subarray(0, 512 + 1024), 'x.tar')).to.throw(ValueError, 'x.tar: there is no header of a file at byte 1536'); // prettier-ignore
    bytes[3] = 65;
    expect(() => readTar(bytes, 'x.tar')).to.throw(ValueError, 'there is no header of a file at byte 0');
  });
});
