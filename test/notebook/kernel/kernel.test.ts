import { expect } from 'chai';

import type { Kernel } from '../../../src/notebook/kernel/kernel.js';
import { executeContent, historyOf, startKernelAndFront, type Exchange, type Front } from './front.js';

describe('the kernel', () => {
  let kernel: Kernel;
  let front: Front;
  const notices: string[] = [];

  before(async () => {
    ({ kernel, front } = await startKernelAndFront((text) => notices.push(text)));
  });
  after(async () => {
    front.close();
    await kernel.stop();
  });

  const types = ({ published }: Exchange) => published.map(({ header }) => header.msg_type);
  const contentOf = ({ published }: Exchange, type: string) =>
    published.find(({ header }) => header.msg_type === type)?.content;
  const textOf = (exchange: Exchange) =>
    (contentOf(exchange, 'execute_result')?.data as Bundle)['text/plain'];
  type Bundle = Record<string, string>;

  it('says what it is, with a status, on both channels', async () => {
    for (const channel of ['shell', 'control'] as const) {
      const { reply } = await front.ask('kernel_info_request', {}, channel);
      expect(reply).to.deep.include({ status: 'ok', protocol_version: '5.3', implementation: 'gradbook' });
      expect(reply.language_info).to.deep.include({
        name: 'typescript',
        file_extension: '.ts',
        pygments_lexer: 'typescript',
        nbconvert_exporter: 'script',
        codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
      });
    }
  });

  it('puts busy first, the input second, outputs in their order and idle last', async () => {
    const code = "console.log('out'); console.error('err'); 6 * 7";
    const exchange = await front.execute(code);
    expect(types(exchange)).to.deep.equal([
      'status',
      'execute_input',
      'stream',
      'stream',
      'execute_result',
      'status',
    ]);
    expect(exchange.published[0]!.content).to.deep.equal({ execution_state: 'busy' });
    expect(exchange.published.slice(2, 4).map(({ content }) => content)).to.deep.equal([
      { name: 'stdout', text: 'out\n' },
      { name: 'stderr', text: 'err\n' },
    ]);
    expect(contentOf(exchange, 'execute_input')).to.deep.equal({
      code,
      execution_count: exchange.reply.execution_count,
    });
    expect(contentOf(exchange, 'execute_result')).to.deep.equal({
      data: { 'text/plain': '42' },
      metadata: {},
      execution_count: exchange.reply.execution_count,
    });
    expect(exchange.reply).to.deep.include({ status: 'ok', payload: [], user_expressions: {} });
  });

  it('shows a value by its Jupyter symbol', async () => {
    const code = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>b</b>' }) })";
    expect(contentOf(await front.execute(code), 'execute_result')?.data).to.deep.equal({
      'text/html': '<b>b</b>',
    });
  });

  for (const [what, code, name] of [
    ['throws', "\nthrow new RangeError('boom')", 'RangeError'],
    ['does not type-check', 'const n: number = "x"', 'TS2322'],
    ['rejects in the background', "void Promise.reject(new TypeError('x'))", 'TypeError'],
  ] as const) {
    it(`answers a cell that ${what} with the same error twice: published and in the reply`, async () => {
      const exchange = await front.execute(code);
      expect(exchange.reply).to.deep.include({ status: 'error', ename: name });
      const { ename, evalue, traceback } = exchange.reply;
      expect(contentOf(exchange, 'error')).to.deep.equal({ ename, evalue, traceback });
      expect((traceback as string[]).join('\n')).to.match(/at cell \d+:\d+:\d+/);
    });
  }

  it('shows what is displayed under a name, and replaces it', async () => {
    const code =
      "import * as tslab from 'tslab';\nconst view = tslab.newDisplay(); view.html('a'); view.html('b');";
    const exchange = await front.execute(code);
    const first = contentOf(exchange, 'display_data')!;
    expect(first.data).to.deep.equal({ 'text/html': 'a' });
    expect(contentOf(exchange, 'update_display_data')).to.deep.equal({
      data: { 'text/html': 'b' },
      metadata: {},
      transient: first.transient,
    });
    expect((first.transient as Bundle).display_id).to.match(/./);
  });

  it('delivers 20,000 lines complete and in order', async () => {
    const exchange = await front.execute('for (let i = 0; i < 20_000; i++) console.log(i)');
    const text = exchange.published.map(({ content }) => (content.text ?? '') as string).join('');
    expect(text).to.equal(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(''));
    expect(exchange.published.length).to.be.lessThan(1000);
  });

  it('says nothing of a silent cell but its status, and does not count it', async () => {
    const before = (await front.execute('0')).reply.execution_count;
    const exchange = await front.execute("console.log('x'); const silently = 1; 5", { silent: true });
    expect(types(exchange)).to.deep.equal(['status', 'status']);
    expect(exchange.reply).to.deep.include({ status: 'ok', execution_count: before });
    expect((await front.execute('silently')).reply).to.deep.include({
      status: 'ok',
      execution_count: Number(before) + 1,
    });
  });

  it('does not count or remember a cell with store_history false', async () => {
    const before = (await front.execute('0')).reply.execution_count;
    const exchange = await front.execute("'unstored'", { store_history: false });
    expect(textOf(exchange)).to.equal("'unstored'");
    expect(exchange.reply.execution_count).to.equal(before);
    const { reply } = await front.ask('history_request', historyOf({ hist_access_type: 'tail', n: 1 }));
    expect((reply.history as unknown[][])[0]![2]).to.equal('0');
  });

  it('evaluates user expressions after the cell, null and errors included', async () => {
    const { reply, published } = await front.execute('const base = 20;', {
      user_expressions: {
        sum: 'base + 1',
        nothing: 'null',
        wrong: 'base.x',
        later: 'await Promise.resolve(3)',
      },
    });
    const value = (text: string) => ({ status: 'ok', data: { 'text/plain': text }, metadata: {} });
    const expressions = reply.user_expressions as Record<string, unknown>;
    expect(expressions).to.deep.include({ sum: value('21'), nothing: value('null'), later: value('3') });
    expect(expressions.wrong).to.deep.include({ status: 'error', ename: 'TS2339' });
    expect(published.map(({ header }) => header.msg_type)).to.deep.equal([
      'status',
      'execute_input',
      'status',
    ]);
  });

  it('aborts the cells that were sent together with a failing one, and no other requests', async () => {
    const send = (code: string) => front.send('shell', 'execute_request', executeContent(code));
    const failing = await send("await new Promise((r) => setTimeout(r, 200)); throw new Error('x')");
    const second = await send("console.log('must not run')");
    const info = await front.send('shell', 'kernel_info_request', {});
    const third = await send('1');
    expect((await front.exchange(failing)).reply.status).to.equal('error');
    for (const id of [second, third]) {
      const exchange = await front.exchange(id);
      expect(exchange.reply).to.deep.equal({ status: 'aborted' });
      expect(types(exchange)).to.deep.equal(['status', 'status']);
    }
    expect((await front.exchange(info)).reply.status).to.equal('ok');
    expect((await front.execute('1')).reply.status).to.equal('ok');
  });

  it('runs the cells after a failing one that asks for it', async () => {
    const send = (code: string) =>
      front.send('shell', 'execute_request', executeContent(code, { stop_on_error: false }));
    const ids = [await send("throw new Error('x')"), await send('1 + 1')];
    expect((await front.exchange(ids[0]!)).reply.status).to.equal('error');
    expect((await front.exchange(ids[1]!)).reply.status).to.equal('ok');
  });

  it('has no comms, and closes one that is opened', async () => {
    expect((await front.ask('comm_info_request')).reply.comms).to.deep.equal({});
    await front.send('shell', 'comm_open', { comm_id: 'c1', target_name: 'widget', data: {} });
    const closed = await front.heard(({ header }) => header.msg_type === 'comm_close');
    expect(closed.content.comm_id).to.equal('c1');
  });

  it('echoes the heartbeat while a cell computes', async () => {
    const running = await front.send('shell', 'execute_request', executeContent('for (;;);'));
    expect(await front.heartbeat('alive?')).to.equal('alive?');
    await front.heard(
      ({ header, parent_header }) => header.msg_type === 'execute_input' && parent_header.msg_id === running,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await front.ask('interrupt_request', {}, 'control');
    expect((await front.exchange(running)).reply.ename).to.equal('Interrupted');
  });

  it('tells at once, and again with the next cell, what failed while no cell ran', async () => {
    await front.execute("setTimeout(() => { throw new Error('much later') }, 1300); 1");
    const told = await front.heard(({ content }) => String(content.text).includes('much later'));
    expect(told.header.msg_type).to.equal('stream');
    const next = await front.execute('2');
    expect(next.reply).to.deep.include({ status: 'error', evalue: 'much later' });
    expect((await front.execute('3')).reply.status).to.equal('ok');
  });

  it('begins afresh after a cell that ends its process, and says so', async () => {
    await front.execute('const lost = 1');
    const exchange = await front.execute('process.exit(0)');
    expect(exchange.reply).to.deep.include({ status: 'error', ename: 'ProcessExit' });
    expect(contentOf(exchange, 'stream')?.text).to.include('earlier names are gone');
    expect((await front.execute('lost')).reply).to.deep.include({ status: 'error', ename: 'TS2304' });
    expect((await front.execute('1')).reply.status).to.equal('ok');
  });

  it('fails a cell that asks for input', async () => {
    const { reply } = await front.execute("process.stdin.on('data', () => 0)", { allow_stdin: true });
    expect(reply.evalue).to.include('A cell cannot ask for input');
  });

  it('drops what is forged, sent twice, unsigned or no message at all, and says so', async () => {
    const request = (id: string) => [
      { msg_id: id, msg_type: 'execute_request', session: 's', username: 'u', date: '', version: '5.3' },
      {},
      {},
      executeContent("console.log('forged')"),
    ];
    const good = front.frames([{ ...request('once')[0], msg_type: 'comm_info_request' }, {}, {}, {}]);
    const forged = front.frames(request('forged'));
    const attempts: [string[], RegExp][] = [
      [[forged[0]!, '0'.repeat(64), ...forged.slice(2)], /signature is not/],
      [[forged[0]!, '', ...forged.slice(2)], /signature is not/],
      [[...forged.slice(0, 5), JSON.stringify(executeContent('process.exit()'))], /signature is not/],
      [good, /^$/],
      [good, /sent before/],
      [['no message'], /no message of Jupyter/],
      [front.frames([{}, {}, {}, {}]), /no msg_id/],
    ];
    for (const [frames, reason] of attempts) {
      notices.length = 0;
      await front.sendFrames('shell', frames);
      await front.ask('comm_info_request');
      expect(notices.join('')).to.match(reason);
    }
    expect(front.published.filter(({ parent_header }) => parent_header.msg_id === 'forged')).to.deep.equal(
      [],
    );
  });

  it('needs no more memory after 1,000 cells', async function () {
    this.timeout(240_000);
    const used = async () => {
      const exchange = await front.execute('gc(); gc(); process.memoryUsage().heapUsed');
      return Number(textOf(exchange)) / 1_048_576;
    };
    await front.execute(
      "import v8 from 'node:v8'; import vm from 'node:vm'; v8.setFlagsFromString('--expose-gc');\n" +
        "const gc = vm.runInNewContext('gc') as () => void;",
    );
    for (let i = 0; i < 50; i++) await front.execute(`const n${i % 10} = ${i}; n${i % 10}`);
    const before = await used();
    for (let i = 0; i < 1000; i++) await front.execute(`const n${i % 10} = ${i}; n${i % 10}`);
    expect((await used()) - before).to.be.lessThan(15);
  });

  it('says goodbye to all fronts when it is shut down', async () => {
    const { kernel: other, front: otherFront } = await startKernelAndFront(() => undefined, '');
    const running = await otherFront.send('shell', 'execute_request', executeContent('for (;;);'));
    const { reply } = await otherFront.ask('shutdown_request', { restart: true }, 'control');
    expect(reply).to.deep.equal({ status: 'ok', restart: true });
    await otherFront.heard(({ header }) => header.msg_type === 'shutdown_reply');
    await other.ended;
    expect(running).to.be.a('string');
    otherFront.close();
  });
});
