import { expect } from 'chai';

import type { CellFailure } from '../../src/notebook/cell-failure.js';
import type { OutputEvent } from '../../src/notebook/cell-outputs.js';
import { Compiler } from '../../src/notebook/compiler.js';
import { defaultLimits } from '../../src/notebook/session-limits.js';
import { Session } from '../../src/notebook/session.js';
import { temporaryProject } from './notebooks.js';

describe('a session that somebody works in', () => {
  let compiler: Compiler;
  let session: Session;
  let events: OutputEvent[];
  let between: CellFailure[];

  before(() => (compiler = new Compiler(temporaryProject())));
  after(() => compiler.close());
  beforeEach(() => {
    events = [];
    between = [];
    session = new Session(compiler, defaultLimits, {
      output: (event) => events.push(event),
      failedBetween: (failure) => between.push(failure),
    });
  });
  afterEach(() => session.close());

  /** What a cell fails with when it is interrupted half a second after it began to run. */
  async function interrupted(number: number, source: string): Promise<CellFailure | undefined> {
    const begun = () => events.some((event) => event.type === 'stream' && event.text.includes('begun'));
    const running = session.execute({ number, source: `console.log('begun'); ${source}` });
    while (!begun()) await new Promise((resolve) => setTimeout(resolve, 20));
    setTimeout(() => session.interrupt(), 500);
    return running;
  }

  const html = (text: string) => ({ 'text/html': text });
  const twice =
    "import * as tslab from 'tslab';\nconst view = tslab.newDisplay(); view.html('a'); view.html('b');";
  const clearing = (wait: boolean, after: string) =>
    `console.log('old'); globalThis[Symbol.for('gradbook.session')].clear(${wait}); ${after}`.replace(
      'globalThis[',
      '(globalThis as any)[',
    );

  it('replaces what is shown under a name, in what the notebook keeps too', async () => {
    await session.execute({ number: 1, source: twice });
    expect(session.outputsOf(1)).to.deep.equal([
      { output_type: 'display_data', data: html('b'), metadata: {} },
    ]);
    expect(events.map(({ type }) => type)).to.deep.equal(['output', 'update']);
    await session.execute({ number: 2, source: "view.html('c')" });
    expect(session.outputsOf(1)[0]).to.deep.include({ data: html('c') });
    expect(session.outputsOf(2)).to.deep.equal([]);
  });

  it('takes outputs away at once, or when the next one is there', async () => {
    await session.execute({ number: 1, source: clearing(false, '') });
    expect(session.outputsOf(1)).to.deep.equal([]);
    await session.execute({ number: 2, source: clearing(true, '') });
    expect(session.outputsOf(2)).to.deep.equal([{ output_type: 'stream', name: 'stdout', text: 'old\n' }]);
    await session.execute({ number: 3, source: clearing(true, "console.log('new')") });
    expect(session.outputsOf(3)).to.deep.equal([{ output_type: 'stream', name: 'stdout', text: 'new\n' }]);
    expect(events.filter(({ type }) => type === 'clear')).to.deep.equal([
      { type: 'clear', wait: false },
      { type: 'clear', wait: true },
      { type: 'clear', wait: true },
    ]);
  });

  it('keeps an error that comes while nothing runs for the next cell, whose names survive', async () => {
    await session.execute({ number: 1, source: "setTimeout(() => { throw new Error('late') }, 1300); 1" });
    while (between.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const failure = await session.execute({ number: 2, source: 'const made = 2' });
    expect(failure).to.deep.include({ name: 'Error', message: 'late', cell: 1 });
    expect(failure?.traceback.at(-1)).to.equal('(this came to light before cell 2 began)');
    expect(await session.execute({ number: 3, source: 'made' })).to.equal(undefined);
  });

  it('can be interrupted while it compiles', async () => {
    const running = session.execute({ number: 1, source: 'for (;;);' });
    session.interrupt();
    expect(await running).to.deep.include({ name: 'Interrupted', fatal: false });
    expect(await session.execute({ number: 2, source: '1' })).to.equal(undefined);
  });

  it('says that names are gone when an interrupt had to end the process', async () => {
    const failure = await interrupted(1, 'setTimeout(() => { for (;;); }, 10); 1');
    expect(failure).to.deep.include({ name: 'Interrupted', fatal: true });
    expect(failure?.message).to.include('the names of earlier cells are gone');
    expect(JSON.stringify(session.outputsOf(1))).to.not.include('Native stack trace');
  });

  it('interrupts the program that a cell waits for, and goes on', async function () {
    if (process.platform !== 'linux') this.skip();
    await session.execute({ number: 1, source: "import { execSync } from 'node:child_process';" });
    const failure = await interrupted(2, "execSync('sleep 60')");
    expect(failure).to.deep.include({ name: 'Interrupted', fatal: false });
    expect(await session.execute({ number: 3, source: 'execSync' })).to.equal(undefined);
  });

  it('ends a process that no interrupt reaches', async function () {
    this.timeout(30_000);
    const source = "import { execSync } from 'node:child_process'; execSync(\"trap '' INT; sleep 30\")";
    expect(await interrupted(1, source)).to.deep.include({
      name: 'Interrupted',
      fatal: true,
    });
  });

  it('knows the names of earlier cells where a reader completes or asks', async () => {
    await session.execute({ number: 1, source: 'const known = { inside: 1 };' });
    expect(await session.programs.completions('known.', 6)).to.deep.equal({
      start: 6,
      end: 6,
      names: ['inside'],
    });
    expect(await session.programs.quickInfo('known', 5)).to.include('inside: number');
    expect(await session.programs.quickInfo('unknown', 7)).to.equal(undefined);
  });

  for (const [source, status, indent] of [
    ['1 + 1', 'complete'],
    ['', 'complete'],
    ['const a = await f();', 'complete'],
    ['function f() {', 'incomplete', '  '],
    ['if (a) {\n  b(', 'incomplete', '    '],
    ['const s = `open', 'incomplete', ''],
    ['/* open', 'incomplete', ''],
    ['const f = () =>', 'incomplete', '  '],
    ['a.', 'incomplete', ''],
    ['let x = ;', 'invalid'],
    ["const s = 'open\n'", 'invalid'],
    [')', 'invalid'],
  ] as const) {
    it(`calls ${JSON.stringify(source)} ${status}`, async () => {
      await compiler.ready;
      const expected = indent === undefined ? { status } : { status, indent };
      expect(await compiler.completeness(source)).to.deep.equal(expected);
    });
  }
});
