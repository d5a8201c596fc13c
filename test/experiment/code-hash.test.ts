import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeHash, trialCode } from '../../src/experiment/code-hash.js';
import { inFolder } from './small.js';

const files: Readonly<Record<string, string>> = {
  'room/entry.js':
    "import { a } from './a.js';\nimport {\n  b,\n} from '../lower/b.js';\nimport 'dependency/part.js';\nimport fs from 'node:fs';\n",
  'room/a.js': "export * from './entry.js';\nimport './effect.js';\n",
  'room/effect.js': 'globalThis.x = 1;\n',
  'lower/b.js': 'export const b = 1;\n',
  'lower/unused.js': 'export const c = 1;\n',
  'node_modules/dependency/package.json': '{ "name": "dependency", "version": "1.2.3" }',
};

describe('the hash of the code that a trial runs', () => {
  const hashWith = async (changes: Readonly<Record<string, string>>): Promise<string> => {
    let hash = '';
    await inFolder((folder) => {
      for (const [name, text] of Object.entries({ ...files, ...changes })) {
        mkdirSync(join(folder, name, '..'), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      hash = codeHash(pathToFileURL(join(folder, 'room/entry.js')));
    });
    return hash;
  };

  it('does not depend on where the code lies, nor on files that are not imported', async () => {
    const hash = await hashWith({});
    expect(hash).to.match(/^[0-9a-f]{64}$/);
    expect(await hashWith({})).to.equal(hash);
    expect(await hashWith({ 'lower/unused.js': 'export const c = 2;\n' })).to.equal(hash);
  });

  for (const [name, text] of Object.entries({
    'room/entry.js': `${files['room/entry.js']!}// more`,
    'room/effect.js': 'globalThis.x = 2;\n',
    'lower/b.js': 'export const b = 2;\n',
    'node_modules/dependency/package.json': '{ "name": "dependency", "version": "1.2.4" }',
  })) {
    it(`changes with ${name}`, async () => {
      expect(await hashWith({ [name]: text })).not.to.equal(await hashWith({}));
    });
  }

  it('covers the training step and the kernels of a real trial', () => {
    expect(trialCode())
      .to.match(/^[0-9a-f]{64}$/)
      .and.to.equal(trialCode());
  });

  it('says which package is missing', async () => {
    const error = await hashWith({ 'room/a.js': "import '@scope/nowhere/x.js';\n" }).catch(
      (error: unknown) => error,
    );
    expect((error as Error).message).to.match(/^internal: the package @scope\/nowhere that .*a\.js imports/);
  });
});
