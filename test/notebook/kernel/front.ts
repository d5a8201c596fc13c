import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';

import { expect } from 'chai';
import type * as ZeroMQ from 'zeromq';

import type { Connection } from '../../../src/notebook/kernel/connection.js';
import { Kernel } from '../../../src/notebook/kernel/kernel.js';
import { temporaryProject } from '../notebooks.js';
import { expectValid } from './message-schemas.js';

export interface Received {
  readonly header: { readonly msg_id: string; readonly msg_type: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
}

/** What a front sees of one request: the answer, and all that was published for it. */
export interface Exchange {
  readonly reply: Received['content'];
  readonly published: readonly Received[];
}

const zmq = createRequire(import.meta.url)('zeromq') as typeof ZeroMQ;

/** A front written for the tests: its own signatures, and every message that arrives is checked against the protocol. */
export class Front {
  readonly published: Received[] = [];
  private readonly replies: Received[] = [];
  private readonly sockets: { shell: ZeroMQ.Dealer; control: ZeroMQ.Dealer; iopub: ZeroMQ.Subscriber };
  private waiting: (() => void)[] = [];
  private problem: unknown;

  constructor(private readonly connection: Connection) {
    this.sockets = { shell: new zmq.Dealer(), control: new zmq.Dealer(), iopub: new zmq.Subscriber() };
    for (const name of ['shell', 'control', 'iopub'] as const)
      this.sockets[name].connect(connection.addresses[name]);
    this.sockets.iopub.subscribe();
    void this.receive(this.sockets.shell, this.replies);
    void this.receive(this.sockets.control, this.replies);
    void this.receive(this.sockets.iopub, this.published);
  }

  /** Asks until the front hears what is published, as every front does at first. */
  async ready(): Promise<void> {
    while (this.published.length === 0) {
      const id = await this.send('shell', 'kernel_info_request', {});
      await this.until(() => this.reply(id));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async ask(type: string, content: object = {}, channel: 'shell' | 'control' = 'shell'): Promise<Exchange> {
    return this.exchange(await this.send(channel, type, content));
  }

  execute(code: string, options: object = {}): Promise<Exchange> {
    return this.ask('execute_request', executeContent(code, options));
  }

  /** Sends without waiting; returns the id by which `exchange` finds what comes of it. */
  async send(channel: 'shell' | 'control', type: string, content: object): Promise<string> {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: 'test',
      username: 'tester',
      date: '2026-01-01T00:00:00Z',
      version: '5.3',
    };
    await this.sendFrames(channel, this.frames([header, {}, {}, content]));
    return header.msg_id;
  }

  frames(parts: readonly object[]): string[] {
    const texts = parts.map((part) => JSON.stringify(part));
    return ['<IDS|MSG>', this.signature(texts), ...texts];
  }

  async sendFrames(channel: 'shell' | 'control', frames: readonly string[]): Promise<void> {
    await this.sockets[channel].send([...frames]);
  }

  async exchange(id: string): Promise<Exchange> {
    const reply = await this.until(() => this.reply(id));
    await this.until(() => this.of(id).find(({ content }) => content.execution_state === 'idle'));
    return { reply: reply.content, published: this.of(id) };
  }

  /** The published message that fits, once it is there. */
  async heard(fits: (message: Received) => boolean): Promise<Received> {
    return this.until(() => this.published.find(fits));
  }

  async heartbeat(text: string): Promise<string> {
    const socket = new zmq.Request();
    socket.connect(this.connection.addresses.hb);
    await socket.send(text);
    const [answer] = await socket.receive();
    socket.close();
    return answer!.toString();
  }

  close(): void {
    for (const socket of Object.values(this.sockets)) (socket as ZeroMQ.Socket).close();
  }

  private of(id: string): Received[] {
    return this.published.filter(({ parent_header }) => parent_header.msg_id === id);
  }

  private reply(id: string): Received | undefined {
    return this.replies.find(({ parent_header }) => parent_header.msg_id === id);
  }

  private async until<Value>(look: () => Value | undefined): Promise<Value> {
    for (;;) {
      if (this.problem) throw this.problem as Error;
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private async receive(socket: AsyncIterable<Buffer[]>, into: Received[]): Promise<void> {
    for await (const frames of socket) {
      try {
        into.push(this.read(frames));
      } catch (error) {
        this.problem = error;
      }
      for (const wake of this.waiting.splice(0)) wake();
    }
  }

  private read(frames: readonly Buffer[]): Received {
    const texts = frames.map(String);
    const [signature, ...parts] = texts.slice(texts.indexOf('<IDS|MSG>') + 1);
    expect(parts.length, 'parts').to.equal(4);
    expect(signature, 'signature').to.equal(this.signature(parts));
    const [header, parent, , content] = parts.map((part) => JSON.parse(part) as unknown);
    const message = { header, parent_header: parent, content } as Received;
    expectValid(message);
    return message;
  }

  private signature(parts: readonly string[]): string {
    if (this.connection.key === '') return '';
    return createHmac('sha256', this.connection.key).update(parts.join('')).digest('hex');
  }
}

export function executeContent(code: string, options: object = {}): object {
  return {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
    ...options,
  };
}

export function historyOf(request: object): object {
  return { output: false, raw: true, ...request };
}

/** A kernel in a project of its own, and a front that hears it. An empty key turns signatures off. */
export async function startKernelAndFront(
  notice: (text: string) => void = () => undefined,
  key: string = randomUUID(),
): Promise<{ kernel: Kernel; front: Front }> {
  const connection = await freeConnection(key);
  const kernel = await Kernel.start(temporaryProject(), connection, notice);
  const front = new Front(connection);
  await front.ready();
  return { kernel, front };
}

/** A connection on free ports of this machine. */
async function freeConnection(key: string): Promise<Connection> {
  const names = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
  const servers = await Promise.all(names.map(() => freeServer()));
  const numbers = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const ports = Object.fromEntries(names.map((name, index) => [name, numbers[index]!]));
  const addresses = Object.fromEntries(
    names.map((name, index) => [name, `tcp://127.0.0.1:${numbers[index]!}`]),
  );
  return { key, ports, addresses } as unknown as Connection;
}

async function freeServer() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
