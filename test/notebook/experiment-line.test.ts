import { expect } from 'chai';

import { Compiler } from '../../src/notebook/compiler.js';
import type { OutputEvent } from '../../src/notebook/cell-outputs.js';
import { runAll } from '../../src/notebook/experiment-line.js';
import { defaultLimits } from '../../src/notebook/session-limits.js';
import { Session } from '../../src/notebook/session.js';
import { inFolder, small } from '../experiment/small.js';
import { temporaryProject } from './notebooks.js';

const key = Symbol.for('gradbook.session');

describe('the line that tells how far experiments are', () => {
  let told: string[] = [];
  beforeEach(() => {
    told = [];
    const value = { progress: (text: string) => told.push(text) };
    Object.defineProperty(globalThis, key, { value, configurable: true });
  });
  afterEach(() => Reflect.deleteProperty(globalThis, key));

  it('counts epochs and trials, and is taken away at the end', async () => {
    const [result] = await runAll([small()], { store: false, seeds: 3, workers: 1 });
    expect(result!.runs).to.have.length(3);
    expect(told[0]).to.match(/^░+ 0\/12 epochs, .*; 0 of 3 trials$/);
    expect(told.at(-1)).to.equal('');
  });

  it('is taken away when trials fail, and what the caller wants to be told is told', async () => {
    const kinds = new Set<string>();
    const entry = new URL('../experiment/dying-worker.ts', import.meta.url);
    const options = { store: false, seeds: 2, workers: 1, entry } as const;
    const error: unknown = await runAll([small()], {
      ...options,
      onProgress: ({ kind }) => kinds.add(kind),
    }).catch((reason: unknown) => reason);
    expect(error).to.have.property('name', 'Unfinished');
    expect([...kinds]).to.include.members(['planned', 'failed']);
    expect(told.at(-1)).to.equal('');
  });

  it('is not shown when the store has everything', async () => {
    await inFolder(async (store: string) => {
      await runAll([small()], { store, seeds: 2, workers: 1 });
      told = [];
      await runAll([small()], { store, seeds: 2 });
      expect(told).to.deep.equal([]);
    });
  });

  it('reaches the front in the order of what the cell puts out, and is no output', async () => {
    const compiler = new Compiler(temporaryProject());
    const events: OutputEvent[] = [];
    const session = new Session(compiler, defaultLimits, { output: (event) => events.push(event) });
    const source = [
      'const session = (globalThis as any)[Symbol.for("gradbook.session")];',
      'console.log("before"); session.progress("half"); session.progress(""); console.log("after");',
    ].join('\n');
    expect(await session.execute({ number: 1, source })).to.equal(undefined);
    const outputs = session.outputsOf(1);
    session.close();
    compiler.close();
    expect(outputs).to.deep.equal([{ output_type: 'stream', name: 'stdout', text: 'before\nafter\n' }]);
    expect(events.map((event) => (event.type === 'progress' ? event.text : event.type))).to.deep.equal([
      'stream',
      'half',
      '',
      'stream',
    ]);
  });
});
