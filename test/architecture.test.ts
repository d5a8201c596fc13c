import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { skipFor } from './skips.js';

/** The rooms of src/, from the ground up, and the rooms that each may import. */
const foundation = ['kernels', 'tensor', 'random', 'autodiff'];
const networks = [...foundation, 'ops', 'nn', 'optim', 'data', 'training'];
const formulas = ['formula', 'mutation', 'derivation'];
const mayImport: Readonly<Record<string, readonly string[]>> = {
  kernels: [],
  tensor: ['kernels'],
  random: ['kernels', 'tensor'],
  autodiff: ['kernels', 'tensor', 'random'],
  ops: foundation,
  nn: [...foundation, 'ops'],
  optim: [...foundation, 'ops', 'nn'],
  data: ['kernels', 'tensor', 'random'],
  formula: foundation,
  mutation: [...foundation, 'ops', 'formula'],
  derivation: [...foundation, 'ops', 'formula', 'mutation'],
  training: networks,
  experiment: networks,
  figures: [...networks, ...formulas, 'experiment'],
  notebook: [...networks, ...formulas, 'experiment', 'figures'],
  report: [...networks, ...formulas, 'experiment', 'figures', 'notebook'],
};
const top = ['index.ts', 'cli.ts'];

/** Rooms that run in a browser under a policy without `unsafe-eval`, and the packages that do so too. */
const inBrowsers = [...networks, ...formulas];
const packagesInBrowsers = /^@noble\/hashes\//;

/** Modules of data/ that read or fetch files: for Node only, and imported by nothing that runs in a browser. */
const fileReaders = ['image-files', 'source-folder', 'download', 'fetch-command', 'make-folder'].map(
  (name) => `src/data/${name}.ts`,
);

const MOST_LINES = 300;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = sourcesIn('src').filter((path) => !path.startsWith('src/kernels/assembly/'));
const imports = files.flatMap(importsOf);
const roomOf = (path: string): string => path.split('/')[1]!;

describe('the house', () => {
  it('has the rooms that this test knows', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].sort()).to.deep.equal([...Object.keys(mayImport), ...top].sort());
    expect(imports.length).to.be.greaterThan(400);
  });

  it('has no arrow upward: a room imports only what stands below it', () => {
    const upward = imports.filter(
      ({ from, to }) => to.startsWith('src/') && !isAllowed(roomOf(from), roomOf(to)),
    );
    expect(upward.map(({ from, to }) => `${from} → ${to}`)).to.deep.equal([]);
  });

  it('has lower rooms that need neither Node nor a package that evaluates code', () => {
    const outside = reachable(
      files.filter(
        (path) => inBrowsers.includes(roomOf(path)) && !fileReaders.includes(path) && path.endsWith('.ts'),
      ),
    ).filter(({ to }) => !to.startsWith('src/') && !packagesInBrowsers.test(to));
    expect(outside.map(({ from, to }) => `${from} → ${to}`)).to.deep.equal([]);
  });

  it('imports files that exist', () => {
    const known = new Set([...files, 'src/kernels/wasm.generated.ts']);
    const missing = imports.filter(({ to }) => to.startsWith('src/') && !known.has(to));
    expect(missing.map(({ from, to }) => `${from} → ${to}`)).to.deep.equal([]);
  });

  it(`has no file of more than ${MOST_LINES} lines`, () => {
    const long = [...files, ...sourcesIn('test')].flatMap((path) => {
      const lines = readFileSync(path, 'utf8').split('\n').length - 1;
      return lines > MOST_LINES && !path.endsWith('.generated.ts') ? [`${path}: ${lines}`] : [];
    });
    expect(long).to.deep.equal([]);
  });

  it('has no leftover of a test among the files that git tracks', function () {
    const { status, stdout } = spawnSync('git', ['ls-files'], { encoding: 'utf8' });
    if (status !== 0 || !stdout.includes('package.json')) skipFor(this, 'git, in a clone');
    expect(stdout.split('\n').filter((path) => path.includes('/.readme-'))).to.deep.equal([]);
  });
});

function isAllowed(from: string, to: string): boolean {
  return from === to || top.includes(from) || (mayImport[from] ?? []).includes(to);
}

/** All imports of files and of what they import. */
function reachable(start: readonly string[]): Import[] {
  const seen = new Set(start);
  const found: Import[] = [];
  for (const path of seen) {
    for (const edge of imports.filter(({ from }) => from === path)) {
      found.push(edge);
      if (edge.to.startsWith('src/')) seen.add(edge.to); // the loop goes on with what is added
    }
  }
  return found;
}

function importsOf(path: string): Import[] {
  return ts.preProcessFile(readFileSync(path, 'utf8')).importedFiles.map(({ fileName }) => ({
    from: path,
    to: fileName.startsWith('.') ? sourceOf(posix.join(posix.dirname(path), fileName)) : fileName,
  }));
}

/** The source of a compiled file. */
function sourceOf(path: string): string {
  const source = path.replace(/\.js$/, '.ts');
  return files.includes(source) || path.endsWith('wasm.generated.js') ? source : path;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => posix.join(folder, path))
    .filter((path) => /\.m?ts$|\.mjs$/.test(path));
}
