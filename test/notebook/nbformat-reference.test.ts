import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { readNotebook, writeNotebook } from '../../src/notebook/nbformat.js';
import { skipFor } from '../skips.js';
import { randomNotebooks } from './random-notebooks.js';

type Reference = readonly [valid: boolean, written: string];
const python = '/usr/bin/python3';

/** What Python's nbformat says of each text. */
function reference(texts: readonly string[]): Reference[] {
  const { status, stdout, stderr } = spawnSync(python, ['test/notebook/jupyter/reference.py'], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Reference[];
}

/** Ids that an upgrade makes up are random in Python and stable here. */
function withoutMadeUpIds(text: string, source: string): string {
  return /"nbformat_minor": ?5/.test(source) ? text : text.replaceAll(/^ {3}"id": "[^"]+",$/gm, '   "id": …');
}

describe("the notebook format, beside Python's nbformat", () => {
  before(function () {
    if (spawnSync(python, ['-c', 'import nbformat']).status !== 0) skipFor(this, "Python's nbformat");
  });

  it('writes the notebooks of the project and of the corpus byte for byte the same', () => {
    const folders = ['notebooks', 'test/notebooks/must-fail', 'test/notebooks/must-pass'];
    const texts = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.ipynb') && !name.startsWith('invalid-'))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    );
    expect(texts.length).to.be.above(80);
    reference(texts).forEach(([valid, written], index) => {
      expect(valid).to.equal(true);
      expect(withoutMadeUpIds(writeNotebook(readNotebook(texts[index]!)), texts[index]!)).to.equal(
        withoutMadeUpIds(written, texts[index]!),
      );
    });
  });

  it('reads, upgrades and writes random notebooks of nbformat 4.0 to 4.5 byte for byte the same', () => {
    const texts = randomNotebooks(1, 500, false);
    reference(texts).forEach(([valid, written], index) => {
      const text = texts[index]!;
      expect(valid, text).to.equal(true);
      expect(withoutMadeUpIds(writeNotebook(readNotebook(text)), text), text).to.equal(
        withoutMadeUpIds(written, text),
      );
    });
  });

  it('refuses the random notebooks that break the official schema, and no others', () => {
    const texts = randomNotebooks(2, 800, true);
    const verdicts = reference(texts).map(([valid]) => valid);
    expect(verdicts.filter((valid) => !valid).length).to.be.above(150);
    const differing = texts.filter((text, index) => accepts(text) !== verdicts[index] && !lacksOnlyIds(text));
    expect(differing).to.deep.equal([]);
  });
});

function accepts(text: string): boolean {
  try {
    readNotebook(text);
    return true;
  } catch {
    return false;
  }
}

/** A missing id is the one thing that we mend where the schema refuses. */
function lacksOnlyIds(text: string): boolean {
  return accepts(text) && /"id"/g[Symbol.match](text)?.length !== /"cell_type"/g[Symbol.match](text)?.length;
}
