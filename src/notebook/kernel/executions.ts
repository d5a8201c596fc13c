import type { CellFailure } from '../cell-failure.js';
import type { OutputEvent } from '../cell-outputs.js';
import type { Channels } from './channels.js';
import type { History } from './history.js';
import { LastingSession } from './lasting-session.js';
import type { Content, Message } from './message.js';
import { StreamBuffer } from './stream-buffer.js';

/** Where a kernel writes what no front would see. */
export type Notice = (text: string) => void;

/** Executes the cells that fronts send, tells what they put out, and answers. */
export class Executions {
  readonly session: LastingSession;
  private readonly streams: StreamBuffer;
  /** The request whose cell ran last: what code that it left behind puts out belongs to it. */
  private parent: Content = {};
  private count = 0;
  private silent = false;
  /** The cell that has shown a line of progress last. */
  private progressOf: number | undefined;
  /** Set while an expression is evaluated, whose value is no output. */
  private values: Content[] | undefined;

  constructor(
    directory: string,
    private readonly channels: Pick<Channels, 'publish'>,
    private readonly history: History,
    notice: Notice,
  ) {
    this.streams = new StreamBuffer((name, text) => this.publish('stream', { name, text }));
    this.session = new LastingSession(directory, {
      output: (event) => this.show(event),
      failedBetween: (failure) => {
        const text = `Code that a cell left behind has failed; the next cell will fail for it.\n${failure.traceback.join('\n')}\n`;
        notice(text);
        this.streams.write('stderr', text);
      },
    });
  }

  /** The content of the reply to an execute request. */
  async execute({ header, content }: Message): Promise<Content> {
    const request = requestOf(content);
    if (!request) return failureReply(this.count, faultOf('The request has no code.'));
    const { code, silent, stores, expressions } = request;
    this.parent = header;
    this.silent = silent;
    const number = this.count + 1;
    if (stores) {
      this.count = number;
      this.history.add(number, code);
    }
    const pager = silent ? undefined : await this.help(code);
    if (!silent) this.publish('execute_input', { code, execution_count: this.count });
    if (pager) return this.okReply({}, [pager]);
    const failure = await this.run(number, code);
    const reply = failure
      ? failureReply(this.count, failure)
      : this.okReply(await this.evaluate(number, expressions), []);
    this.streams.flush();
    this.silent = false;
    return reply;
  }

  interrupt(): void {
    this.session.interrupt();
  }

  close(): void {
    this.session.close();
    this.streams.flush();
  }

  private async run(number: number, source: string): Promise<ErrorText | undefined> {
    if (source.trim() === '') return undefined;
    try {
      const { failure, restarted } = await this.session.execute({ number, source });
      if (restarted) this.tellRestart();
      return failure;
    } catch (error) {
      const failure = faultOf(error instanceof Error ? error.message : String(error));
      this.show({ type: 'output', output: { output_type: 'error', ...errorOf(failure) } });
      this.tellRestart();
      return failure;
    }
  }

  private tellRestart(): void {
    const text =
      'The process that ran the cells has ended. A fresh one has taken its place: earlier names are gone.\n';
    this.show({ type: 'stream', name: 'stderr', text });
  }

  private show(event: OutputEvent): void {
    if (this.values) {
      if (event.type === 'output' && event.output.output_type === 'execute_result')
        this.values.push(event.output.data);
    } else if (this.silent) return;
    else if (event.type === 'stream') this.streams.write(event.name, event.text);
    else if (event.type === 'progress') this.showProgress(event.text);
    else if (event.type === 'clear') this.publish('clear_output', { wait: event.wait });
    else if (event.type === 'update') {
      const { data, metadata } = event.output;
      this.publish('update_display_data', { data, metadata, transient: { display_id: event.id } });
    } else this.showOutput(event);
  }

  private showProgress(text: string): void {
    const type = this.progressOf === this.count ? 'update_display_data' : 'display_data';
    this.progressOf = this.count;
    const transient = { display_id: `progress-${this.count}` };
    this.publish(type, { data: { 'text/plain': text }, metadata: {}, transient });
  }

  private showOutput({ output, id }: Extract<OutputEvent, { type: 'output' }>): void {
    if (output.output_type === 'stream') this.streams.write(output.name, output.text);
    else if (output.output_type === 'display_data') {
      const { data, metadata } = output;
      const transient = id === undefined ? {} : { display_id: id };
      this.publish('display_data', { data, metadata, transient });
    } else if (output.output_type === 'execute_result') {
      const { data, metadata } = output;
      if (typeof data['text/plain'] === 'string') this.history.setOutput(data['text/plain']);
      this.publish('execute_result', { data, metadata, execution_count: this.count });
    } else {
      this.publish(
        'error',
        errorOf({ name: output.ename, message: output.evalue, traceback: output.traceback }),
      );
    }
  }

  private publish(type: string, content: Content): void {
    if (type !== 'stream') this.streams.flush();
    this.channels.publish(type, content, this.parent);
  }

  private async evaluate(number: number, expressions: Readonly<Record<string, string>>): Promise<Content> {
    const results: [string, Content][] = [];
    for (const [name, expression] of Object.entries(expressions)) {
      const values: Content[] = (this.values = []);
      const failure = await this.run(number, valueOf(expression));
      this.values = undefined;
      results.push([
        name,
        failure
          ? { status: 'error', ...errorOf(withoutPlace(failure)) }
          : { status: 'ok', data: values[0] ?? {}, metadata: {} },
      ]);
    }
    return Object.fromEntries(results);
  }

  private async help(code: string): Promise<Content | undefined> {
    const name = nameInQuestion(code);
    if (name === undefined) return undefined;
    const text = await this.session.quickInfo(name, name.length).catch(() => undefined);
    return text === undefined ? undefined : { source: 'page', data: { 'text/plain': text }, start: 0 };
  }

  private okReply(userExpressions: Content, payload: readonly Content[]): Content {
    return { status: 'ok', execution_count: this.count, user_expressions: userExpressions, payload };
  }
}

/** A cell that is a name and a question mark, as in IPython, asks what the name stands for. */
export function nameInQuestion(code: string): string | undefined {
  return /^\s*([\p{ID_Start}$_][\p{ID_Continue}$.]*)\?\s*$/u.exec(code)?.[1];
}

interface Request {
  readonly code: string;
  readonly silent: boolean;
  readonly stores: boolean;
  readonly expressions: Readonly<Record<string, string>>;
}

function requestOf({
  code,
  silent,
  store_history: stores,
  user_expressions: given,
}: Content): Request | undefined {
  if (typeof code !== 'string') return undefined;
  const expressions = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  return {
    code,
    silent: silent === true,
    stores: silent !== true && stores !== false,
    expressions: Object.fromEntries(expressions.map(([name, text]) => [name, String(text)])),
  };
}

/** null and undefined are values too, but a cell shows neither. */
function valueOf(expression: string): string {
  return `((value: unknown) => value ?? { [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': String(value) }) })(${expression})`;
}

type ErrorText = Pick<CellFailure, 'name' | 'message' | 'traceback'>;

function faultOf(message: string): ErrorText {
  return { name: 'KernelFault', message, traceback: [`KernelFault: ${message}`] };
}

/** An expression stands in no cell whose lines could be shown. */
function withoutPlace({ name, message }: ErrorText): ErrorText {
  return { name, message, traceback: [`${name}: ${message}`] };
}

function errorOf({ name, message, traceback }: ErrorText): {
  ename: string;
  evalue: string;
  traceback: string[];
} {
  return { ename: name, evalue: message, traceback: [...traceback] };
}

function failureReply(count: number, failure: ErrorText): Content {
  return { status: 'error', execution_count: count, ...errorOf(failure), user_expressions: {}, payload: [] };
}
