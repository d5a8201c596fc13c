import { expect } from 'chai';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { defaultStore, Store } from '../../src/experiment/store.js';
import { encodeTrial, trialId, UnreadableRecord } from '../../src/experiment/trial-record.js';
import { GradbookError } from '../../src/tensor/error.js';
import { inFolder, runOf, small } from './small.js';

const trial = { experiment: small(), seed: 1 };
const id = trialId(trial, 'c0de');
const text = encodeTrial(trial, 'c0de', runOf([0.5, 0.9]));
const leftover = `${id}.0123456789ab.tmp`;

describe('the store of runs', () => {
  it('keeps a record byte for byte under its id, and nothing else', () =>
    inFolder((folder) => {
      const store = new Store(join(folder, 'made', 'on', 'demand'));
      expect(store.read(id)).to.equal(undefined);
      store.write(id, text);
      expect(store.read(id)).to.have.property('seed', 1);
      expect(readdirSync(store.directory)).to.deep.equal([`${id}.json`]);
      expect(readFileSync(join(store.directory, `${id}.json`), 'utf8')).to.equal(text);
    }));

  it('accepts the same record twice', () =>
    inFolder((folder) => {
      new Store(folder).write(id, text);
      new Store(folder).write(id, text);
      expect(readdirSync(folder)).to.deep.equal([`${id}.json`]);
    }));

  it('refuses another result of the same trial, and keeps the first', () =>
    inFolder((folder) => {
      const store = new Store(folder);
      store.write(id, text);
      const other = encodeTrial(trial, 'c0de', runOf([0.5, 0.8]));
      expect(() => store.write(id, other)).to.throw(
        GradbookError,
        'with another result, although experiment, seed and code are the same',
      );
      expect(readFileSync(join(folder, `${id}.json`), 'utf8')).to.equal(text);
      expect(readdirSync(folder)).to.deep.equal([`${id}.json`]);
    }));

  it('replaces a torn or foreign file', () =>
    inFolder((folder) => {
      const store = new Store(folder);
      for (const bytes of [text.slice(0, 300), 'hello', '']) {
        writeFileSync(join(folder, `${id}.json`), bytes);
        expect(() => store.read(id)).to.throw(UnreadableRecord);
        store.write(id, text);
        expect(readFileSync(join(folder, `${id}.json`), 'utf8')).to.equal(text);
      }
      expect(readdirSync(folder)).to.deep.equal([`${id}.json`]);
    }));

  it('does not touch the file of a newer version', () =>
    inFolder((folder) => {
      const newer = JSON.stringify({ ...(JSON.parse(text) as object), version: 2 });
      writeFileSync(join(folder, `${id}.json`), newer);
      expect(() => new Store(folder).write(id, text)).to.throw(
        UnreadableRecord,
        'written by a newer gradbook',
      );
      expect(readFileSync(join(folder, `${id}.json`), 'utf8')).to.equal(newer);
    }));

  it('removes what killed processes left, and nothing else', () =>
    inFolder((folder) => {
      const others = ['README', 'x.tmp', `${id}.json`];
      for (const name of [leftover, ...others]) writeFileSync(join(folder, name), text);
      expect(new Store(folder).files().map(({ name }) => name)).to.have.members(others);
      expect(existsSync(join(folder, leftover))).to.equal(false);
    }));

  it('writes again when another process took its temporary file for a leftover', () =>
    inFolder((folder) => {
      const store = new Store(folder);
      let taken = 0;
      patched(
        'linkSync',
        (original) => (from: string, to: string) => {
          if (taken++ === 0) rmSync(from);
          original(from, to);
        },
        () => store.write(id, text),
      );
      expect(taken).to.equal(2);
      expect(readdirSync(folder)).to.deep.equal([`${id}.json`]);
    }));

  it('does without links where there are none', () =>
    inFolder((folder) => {
      patched(
        'linkSync',
        () => () => fail('EPERM', 'operation not permitted'),
        () => new Store(folder).write(id, text),
      );
      expect(readdirSync(folder)).to.deep.equal([`${id}.json`]);
    }));

  it('says clearly that the disk is full, and leaves nothing half written', () =>
    inFolder((folder) => {
      const store = new Store(folder);
      const full =
        (original: (...args: unknown[]) => void) => (file: string, bytes: string, options: unknown) => {
          original(file, bytes.slice(0, 100), options);
          fail('ENOSPC', 'no space left on device');
        };
      patched('writeFileSync', full, () => {
        expect(() => store.write(id, text)).to.throw(
          GradbookError,
          `the store ${folder} cannot take it: ENOSPC: no space left on device`,
        );
      });
      expect(readdirSync(folder)).to.deep.equal([]);
    }));

  it('says at once that a system refuses its folder, as Linux does below /proc', function () {
    if (process.platform !== 'linux') this.skip();
    expect(() => new Store('/proc/x/y')).to.throw(
      GradbookError,
      /^the store \/proc\/x\/y cannot be used: ENOENT/,
    );
  });

  it('says clearly that its folder cannot be used or has vanished', () =>
    inFolder((folder) => {
      writeFileSync(join(folder, 'file'), '');
      expect(() => new Store(join(folder, 'file'))).to.throw(
        GradbookError,
        /the store .*file cannot be used: .*choose another one with --store/,
      );
      const store = new Store(join(folder, 'gone'));
      rmSync(store.directory, { recursive: true });
      expect(() => store.write(id, text)).to.throw(GradbookError, 'cannot take it: ENOENT');
    }));

  it('lists what it holds and what is wrong with the rest', () =>
    inFolder((folder) => {
      const store = new Store(folder);
      store.write(id, text);
      mkdirSync(join(folder, `${'0'.repeat(64)}.json`));
      writeFileSync(join(folder, `${'f'.repeat(64)}.json`), text);
      writeFileSync(join(folder, 'notes.txt'), 'x');
      const files = store
        .files()
        .map(({ name, record, problem }) => [name.slice(0, 4), record?.seed ?? problem]);
      expect(files).to.deep.include.members([
        [id.slice(0, 4), 1],
        ['note', 'its name is not that of a record'],
        ['ffff', `it holds the trial ${id}`],
      ]);
      expect(files.find(([name]) => name === '0000')![1]).to.contain('it cannot be read: EISDIR');
    }));

  it('lies in the project around the present folder unless told otherwise', () => {
    const before = process.env.GRADBOOK_STORE;
    try {
      delete process.env.GRADBOOK_STORE;
      expect(defaultStore()).to.equal(join(process.cwd(), '.gradbook', 'runs'));
      process.env.GRADBOOK_STORE = 'elsewhere';
      expect(defaultStore()).to.equal(join(process.cwd(), 'elsewhere'));
    } finally {
      if (before === undefined) delete process.env.GRADBOOK_STORE;
      else process.env.GRADBOOK_STORE = before;
    }
  });
});

type Patchable = 'linkSync' | 'writeFileSync';

/** Runs a body while a function of node:fs is another one, for everybody who imports it. */
function patched(
  name: Patchable,
  replacement: (original: (...args: unknown[]) => void) => unknown,
  body: () => void,
): void {
  const functions = fs as unknown as Record<Patchable, unknown>;
  const original = functions[name];
  functions[name] = replacement(original as (...args: unknown[]) => void);
  syncBuiltinESMExports();
  try {
    body();
  } finally {
    functions[name] = original;
    syncBuiltinESMExports();
  }
}

function fail(code: string, message: string): never {
  throw Object.assign(new Error(`${code}: ${message}`), { code });
}
