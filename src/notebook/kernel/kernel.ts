import type { RequestChannel } from './channels.js';
import { Channels } from './channels.js';
import type { Connection } from './connection.js';
import { Executions, nameInQuestion, type Notice } from './executions.js';
import { History } from './history.js';
import { kernelInfo } from './kernel-info.js';
import type { Content, Message } from './message.js';
import { toCharacters, toCodeUnits } from './text-offsets.js';

/** Answers the requests of fronts. It never runs user code itself, so that it answers whatever a cell does. */
export class Kernel {
  /** Resolves when a front has ended the kernel, or `stop` was called. */
  readonly ended: Promise<void>;
  private readonly history = new History();
  private readonly executions: Executions;
  private readonly waiting: Message[] = [];
  private channels!: Channels;
  private working = false;
  private end!: () => void;

  private constructor(
    directory: string,
    private readonly connection: Connection,
    private readonly notice: Notice,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    const publish: Channels['publish'] = (...values) => this.channels.publish(...values);
    this.executions = new Executions(directory, { publish }, this.history, notice);
  }

  /** Starts a kernel whose cells run in `directory`; `notice` gets what no front would see. */
  static async start(directory: string, connection: Connection, notice: Notice): Promise<Kernel> {
    const kernel = new Kernel(directory, connection, notice);
    try {
      kernel.channels = await Channels.open(connection, {
        request: (channel, message) => kernel.receive(channel, message),
        rejected: (reason) => notice(`dropped a message: ${reason}.\n`),
      });
    } catch (error) {
      kernel.executions.close();
      throw error;
    }
    kernel.channels.publish('status', { execution_state: 'starting' }, {});
    return kernel;
  }

  interrupt(): void {
    this.executions.interrupt();
  }

  async stop(): Promise<void> {
    this.executions.close();
    await this.channels.close();
    this.end();
  }

  private receive(channel: RequestChannel, message: Message): void {
    if (channel === 'control') void this.handle('control', message);
    else {
      this.waiting.push(message);
      void this.work();
    }
  }

  /** Requests on the shell are answered one after the other; those on control at once. */
  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let message = this.waiting.shift(); message; message = this.waiting.shift()) {
      await this.handle('shell', message);
    }
    this.working = false;
  }

  private async handle(channel: RequestChannel, message: Message): Promise<void> {
    const { header } = message;
    const type = header.msg_type;
    this.status('busy', header);
    if (type === 'shutdown_request') {
      await this.shutDown(channel, message);
      return;
    }
    try {
      if (type === 'execute_request') await this.execute(channel, message);
      else if (type === 'comm_open') this.refuseComm(message);
      else if (Object.hasOwn(this.answers, type)) {
        this.channels.reply(channel, message, await this.answers[type]!(message.content));
      } else if (!ignored.includes(type))
        this.notice(`has no answer to a message of type ${JSON.stringify(type)}.\n`);
    } catch (error) {
      const { name, message: text, stack } = error as Error;
      this.notice(`failed to answer ${type}: ${stack ?? text}\n`);
      this.channels.reply(channel, message, {
        status: 'error',
        ename: name,
        evalue: text,
        traceback: [text],
      });
    }
    this.status('idle', header);
  }

  private async execute(channel: RequestChannel, message: Message): Promise<void> {
    const reply = await this.executions.execute(message);
    this.channels.reply(channel, message, reply);
    const { stop_on_error: stops, silent } = message.content;
    if (reply.status === 'error' && stops !== false && silent !== true) await this.abortWaiting();
  }

  /** After an error, the cells that a front sent together with the failed one do not run. */
  private async abortWaiting(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const kept = this.waiting.splice(0).filter((message) => {
      if (message.header.msg_type !== 'execute_request') return true;
      this.status('busy', message.header);
      this.channels.reply('shell', message, { status: 'aborted' });
      this.status('idle', message.header);
      return false;
    });
    this.waiting.unshift(...kept);
  }

  private async shutDown(channel: RequestChannel, message: Message): Promise<void> {
    const content = { status: 'ok', restart: message.content.restart === true };
    this.waiting.length = 0;
    this.channels.reply(channel, message, content);
    this.channels.publish('shutdown_reply', content, message.header);
    this.status('idle', message.header);
    await this.stop();
  }

  /** Nothing in a cell can answer a comm. */
  private refuseComm({ header, content }: Message): void {
    this.channels.publish('comm_close', { comm_id: content.comm_id, data: {} }, header);
  }

  private status(state: 'busy' | 'idle', parent: Content): void {
    this.channels.publish('status', { execution_state: state }, parent);
  }

  private readonly answers: Readonly<Record<string, (content: Content) => Content | Promise<Content>>> = {
    kernel_info_request: () => kernelInfo(),
    comm_info_request: () => ({ status: 'ok', comms: {} }),
    history_request: (content) => ({ status: 'ok', history: this.history.find(content) }),
    connect_request: () => {
      const { shell, iopub, stdin, control, hb } = this.connection.ports;
      return {
        status: 'ok',
        shell_port: shell,
        iopub_port: iopub,
        stdin_port: stdin,
        control_port: control,
        hb_port: hb,
      };
    },
    interrupt_request: () => {
      this.interrupt();
      return { status: 'ok' };
    },
    is_complete_request: async ({ code }) => {
      try {
        const source = textOf(code);
        if (nameInQuestion(source) !== undefined) return { status: 'complete' };
        return { ...(await this.executions.session.completeness(source)) };
      } catch {
        return { status: 'unknown' };
      }
    },
    complete_request: async (content) => {
      const { code, offset } = placeOf(content);
      const { start, end, names } = await this.executions.session.completions(code, offset);
      return {
        status: 'ok',
        matches: names,
        cursor_start: toCharacters(code, start),
        cursor_end: toCharacters(code, end),
        metadata: {},
      };
    },
    inspect_request: async (content) => {
      const { code, offset } = placeOf(content);
      const text = await this.executions.session.quickInfo(code, offset);
      const data = text === undefined ? {} : { 'text/plain': text };
      return { status: 'ok', found: text !== undefined, data, metadata: {} };
    },
  };
}

/** Messages that need no answer. */
const ignored = ['comm_msg', 'comm_close', 'input_reply'];

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`The request has no text "code", but ${JSON.stringify(value)}.`);
}

function placeOf({ code, cursor_pos: position }: Content): { code: string; offset: number } {
  const text = textOf(code);
  return { code: text, offset: typeof position === 'number' ? toCodeUnits(text, position) : text.length };
}
