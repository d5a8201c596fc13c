import { expect } from 'chai';

import type { Kernel } from '../../../src/notebook/kernel/kernel.js';
import { historyOf, startKernelAndFront, type Front } from './front.js';

describe('the kernel, asked about code', () => {
  let kernel: Kernel;
  let front: Front;

  before(async () => ({ kernel, front } = await startKernelAndFront()));
  after(async () => {
    front.close();
    await kernel.stop();
  });

  type Bundle = Record<string, string>;

  for (const [what, code] of [
    ['complete', '1 + 1'],
    ['incomplete', 'function f() {'],
    ['invalid', 'let x = ;'],
    ['complete', 'Math.floor?'],
  ] as const) {
    it(`calls ${JSON.stringify(code)} ${what}`, async () => {
      expect((await front.ask('is_complete_request', { code })).reply.status).to.equal(what);
    });
  }

  it('completes names of earlier cells, and counts characters as Jupyter does', async () => {
    await front.execute('const somewhat = { lengthy: 1 }');
    const code = "'𝒙𝒙'; somewhat.leng";
    const { reply } = await front.ask('complete_request', { code, cursor_pos: Array.from(code).length });
    expect(reply).to.deep.include({ matches: ['lengthy'], cursor_start: 15, cursor_end: 19 });
  });

  it('inspects a name, and knows when there is nothing to say', async () => {
    await front.execute('/** Adds one. */ function increased(n: number) { return n + 1 }');
    const ask = (code: string) =>
      front.ask('inspect_request', { code, cursor_pos: code.length, detail_level: 0 });
    const { reply } = await ask('increased');
    expect((reply.data as Bundle)['text/plain']).to.include('increased(n: number): number');
    expect((await ask('increased(1, ')).reply.found).to.equal(true);
    expect((await ask('  ')).reply).to.deep.include({ found: false, data: {} });
  });

  it('answers a name and a question mark in the pager', async () => {
    const { reply } = await front.execute('Math.floor?');
    const [page] = reply.payload as { source: string; data: Bundle }[];
    expect(page).to.deep.include({ source: 'page' });
    expect(page!.data['text/plain']).to.include('floor(x: number): number');
    expect((await front.execute('nobodyKnows?')).reply.status).to.equal('error');
  });

  it('remembers inputs and outputs', async () => {
    const { reply: executed } = await front.execute("'remember' + 1");
    const ask = async (request: object) =>
      (await front.ask('history_request', historyOf(request))).reply.history as unknown[][];
    const line = Number(executed.execution_count);
    expect(await ask({ hist_access_type: 'tail', n: 1 })).to.deep.equal([[1, line, "'remember' + 1"]]);
    expect(
      await ask({ hist_access_type: 'range', session: 0, start: line, stop: line + 1, output: true }),
    ).to.deep.equal([[1, line, ["'remember' + 1", "'remember1'"]]]);
    expect(await ask({ hist_access_type: 'search', pattern: "*remember' + ?" })).to.have.length(1);
  });
});
