import { expect } from 'chai';

import type { CellFailure } from '../../src/notebook/cell-failure.js';
import { Compiler } from '../../src/notebook/compiler.js';
import { defaultLimits, type SessionLimits } from '../../src/notebook/session-limits.js';
import { Session } from '../../src/notebook/session.js';
import { temporaryProject } from './notebooks.js';

describe('a session whose cells tamper with it', () => {
  let compiler: Compiler;
  before(() => (compiler = new Compiler(temporaryProject())));
  after(() => compiler.close());

  async function run(sources: readonly string[], limits: Partial<SessionLimits> = {}) {
    const session = new Session(compiler, { ...defaultLimits, cellTime: 20_000, drainTime: 1500, ...limits });
    const failures: CellFailure[] = [];
    for (const [index, source] of sources.entries()) {
      const failure = await session.execute({ number: index + 1, source });
      if (failure) failures.push(failure);
      if (failure?.fatal) break;
    }
    const outputs = sources.map((_, index) => session.outputsOf(index + 1));
    session.close();
    return { failures, outputs };
  }

  for (const what of [
    'JSON.stringify = (() => "") as never',
    'JSON.parse = (() => ({})) as never',
    'globalThis.setImmediate = (() => undefined) as never',
    'globalThis.setTimeout = (() => undefined) as never',
    'Buffer.from = (() => new Uint8Array(0)) as never',
    'Object.assign(process, { getActiveResourcesInfo: () => [] }).pid',
    'Object.defineProperty(globalThis, "performance", { value: undefined })',
  ]) {
    it(`goes on after ${what.replace(/ as never/, '')}`, async () => {
      const { failures, outputs } = await run([`${what};\nconsole.log('said');`, '40 + 2']);
      expect(failures).to.deep.equal([]);
      expect(JSON.stringify(outputs[0])).to.include('said');
      expect(JSON.stringify(outputs[1])).to.include('"text/plain":"42"');
    });
  }

  for (const what of ["Error.prepareStackTrace = () => 'mine'", 'Error.stackTraceLimit = 0']) {
    it(`still knows the line of an error after an earlier cell has said ${what}`, async () => {
      const { failures } = await run([`${what};`, "\n\nthrow new Error('x');"]);
      expect(failures[0]).to.deep.include({ name: 'Error', cell: 2, place: { line: 3, column: 7 } });
    });
  }

  it('survives what a cell writes to the descriptors of its process', async () => {
    const source = [
      "import fs from 'node:fs';",
      `fs.writeSync(5, 'no answer\\n{"frames":[1,null]}\\nnull\\n');`,
      'while (true);',
    ];
    const { failures } = await run([source.join('\n')], { cellTime: 2500 });
    expect(failures.map(({ name }) => name)).to.deep.equal(['Timeout']);
  });

  it('cuts the message of an error that is too long, and says so', async () => {
    const { failures } = await run([
      "throw new Error('x'.repeat(5_000_000));",
      "throw 'y'.repeat(5_000_000)",
    ]);
    expect(failures.map(({ message }) => message.length < 11_000)).to.deep.equal([true, true]);
    expect(failures[0]!.message).to.match(/x… \(cut here: the message has 5,000,000 characters\)$/);
  });

  for (const [what, content, message] of [
    ['a bigint', '10n', /BigInt/],
    ['an object within itself', '(() => { const o: { o?: object } = {}; o.o = o; return o; })()', /circular/],
  ] as const) {
    it(`says why ${what} cannot be shown as JSON`, async () => {
      const { failures } = await run([`({ display: () => ({ 'application/json': ${content} }) })`]);
      expect(failures[0]!.name).to.equal('TypeError');
      expect(failures[0]!.message).to.match(/^display\(\) must return JSON for application\/json: /);
      expect(failures[0]!.message).to.match(message);
    });
  }

  it('keeps no memory of what 1,000 cells held for a time', async function () {
    this.timeout(240_000);
    const source = 'const held = new Uint8Array(4_000_000).fill(1);\nheld.length';
    const { failures, outputs } = await run(new Array<string>(1000).fill(source), { memory: 400 });
    expect(failures).to.deep.equal([]);
    expect(JSON.stringify(outputs[999])).to.include('"text/plain":"4000000"');
  });
});
