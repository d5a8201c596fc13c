import {
  compileFailure,
  errorOutput,
  sessionFailure,
  thrownFailure,
  type CellFailure,
  type CellSource,
} from './cell-failure.js';
import type { Compiler } from './compiler.js';
import type { Json, JsonObject } from './json.js';
import type { Output } from './nbformat.js';
import { OutputCollector } from './output-collector.js';
import { residentMegabytes } from './left-processes.js';
import { SessionChild, type ChildEnd } from './session-child.js';
import { cellPositions, type SourcePositions } from './positions.js';
import {
  cellOfScript,
  lostChannelCode,
  type Bundle,
  type ControlReply,
  type SessionMessage,
  type StackFrame,
} from './session-messages.js';
import type { CompiledCell } from './compiled-cell.js';

export interface SessionLimits {
  /** Milliseconds that one cell may take, compilation included. */
  readonly cellTime: number;
  /** Milliseconds that timers and other work may take after the last cell. */
  readonly drainTime: number;
  /** Megabytes of the process that runs the cells. */
  readonly memory: number;
  /** Characters that one cell may put out. */
  readonly output: number;
}

export const defaultLimits: SessionLimits = {
  cellTime: 600_000,
  drainTime: 10_000,
  memory: 4096,
  output: 20_000_000,
};

/** Executes the cells of one notebook one after the other and tells truthfully what came of each. */
export class Session {
  private readonly child: SessionChild;
  private readonly collectors = new Map<number, OutputCollector>();
  private readonly sources = new Map<number, string>();
  private readonly positions = new Map<number, SourcePositions>();
  private declarations = '';
  private ahead: { source: string; declarations: string; program: Promise<CompiledCell> } | undefined;
  private running: CellSource = { number: 0, source: '' };
  private finish: (() => void) | undefined;
  private failure: CellFailure | undefined;
  private exit: { call: string; frames: Parameters<typeof sessionFailure>[3] } | undefined;
  private drained: { left: readonly string[]; exitCode: string } | undefined;
  private end: ChildEnd | undefined;
  private outOfMemory = false;

  /** Starts the process that will run the cells, in the compiler's directory. */
  constructor(
    private readonly compiler: Compiler,
    private readonly limits: SessionLimits = defaultLimits,
  ) {
    this.child = new SessionChild(compiler.directory, limits.memory, {
      message: (message) => this.receive(message),
      inherited: (cell, name, text) => this.write(cell, name, this.withoutCrashReport(text)),
      ended: (end) => this.ended(end),
    });
  }

  /** Executes a cell; resolves with its failure, if any. `next` is compiled meanwhile. Never rejects because of the cell. */
  async execute(cell: CellSource, next?: CellSource): Promise<CellFailure | undefined> {
    await this.compiler.ready;
    this.begin(cell);
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    const compiling = { now: true };
    const timer = this.limit(this.limits.cellTime, () => {
      void this.timeOut(cell, compiling.now);
    });
    const watch = setInterval(() => this.checkMemory(), 100);
    try {
      const program = await Promise.race([this.compiled(cell.source), finished]);
      compiling.now = false;
      if (program) await this.run(cell, program, next, finished);
    } catch (error) {
      if (!this.failure) throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      this.finish = undefined;
    }
    return this.conclude();
  }

  /** Waits for what the cells left running, ends the process, and resolves with the failure that came to light then. */
  async drain(): Promise<CellFailure | undefined> {
    this.failure = undefined;
    const last = this.running;
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    const reserve = 2000;
    const timer = this.limit(this.limits.drainTime + reserve, () => {
      this.fail(sessionFailure(last, 'LeftRunning', 'Code that the notebook left behind never ends.'));
      this.child.kill();
    });
    if (!this.end) {
      this.child.send({ type: 'drain', limit: this.limits.drainTime });
      await finished;
    }
    clearTimeout(timer);
    return this.conclude();
  }

  /** The outputs of a cell so far, its error included. */
  outputsOf(cell: number): Output[] {
    return this.collector(cell).all();
  }

  /** Makes the running cell fail with the error Interrupted, whatever it does; the names of earlier cells survive. */
  interrupt(): void {
    this.child.interrupt();
  }

  /** Whether the cell was begun. */
  hasRun(cell: number): boolean {
    return this.sources.has(cell);
  }

  /** Adds a failure that the front found itself to the outputs of its cell. */
  report(failure: CellFailure): CellFailure {
    this.collector(failure.cell).add(errorOutput(failure));
    return failure;
  }

  /** Ends the process at once. */
  close(): void {
    this.child.kill();
  }

  private begin(cell: CellSource): void {
    this.running = cell;
    this.failure = undefined;
    this.sources.set(cell.number, cell.source);
    if (this.end) this.fail(this.deathFailure(this.end));
  }

  private async run(
    cell: CellSource,
    program: CompiledCell,
    next: CellSource | undefined,
    finished: Promise<void>,
  ) {
    if (program.diagnostics.length > 0) {
      this.fail(compileFailure(cell, program.diagnostics));
      return;
    }
    if (this.end) return;
    if (program.program) this.positions.set(cell.number, cellPositions(program.program));
    this.child.send({ type: 'execute', cell: cell.number, program });
    if (next) this.compileAhead(next.source, program.declarations);
    await finished;
    if (!this.failure) this.declarations = program.declarations;
  }

  private async timeOut(cell: CellSource, compiling: boolean): Promise<void> {
    const frames = compiling ? [] : await this.child.where();
    const message = `The cell ran longer than its limit of ${seconds(this.limits.cellTime)}.`;
    this.fail(
      sessionFailure(
        cell,
        'Timeout',
        message,
        frames.flatMap((frame) => this.frameOf(frame)),
      ),
    );
    if (compiling) this.compiler.close();
    this.child.kill();
  }

  private frameOf({ function: name, script, place }: ControlReply['frames'][number]): StackFrame[] {
    const cell = cellOfScript(script);
    const original = cell === undefined ? undefined : this.positions.get(cell)?.original(place);
    return original && cell !== undefined ? [{ function: name, cell, library: false, place: original }] : [];
  }

  private conclude(): CellFailure | undefined {
    if (this.failure) this.collector(this.running.number).add(errorOutput(this.failure));
    return this.failure;
  }

  private async compiled(source: string): Promise<CompiledCell> {
    const { ahead } = this;
    this.ahead = undefined;
    if (ahead?.source === source && ahead.declarations === this.declarations) return ahead.program;
    return this.compiler.compile(source, this.declarations);
  }

  private compileAhead(source: string, declarations: string): void {
    const program = this.compiler.compile(source, declarations);
    program.catch(() => undefined);
    this.ahead = { source, declarations, program };
  }

  private receive(message: SessionMessage): void {
    switch (message.type) {
      case 'stream':
        this.write(message.cell, message.name, message.text);
        break;
      case 'display':
      case 'result':
        this.show(message.type, message.cell, message.data, message.metadata);
        break;
      case 'thrown':
        this.fail(thrownFailure(this.running, message.error, (cell) => this.sources.get(cell)));
        break;
      case 'stuck':
        this.fail({
          ...sessionFailure(
            this.running,
            'NeverSettles',
            'The cell waits for a promise that nothing can settle any more.',
          ),
          fatal: false,
        });
        break;
      case 'fault':
        this.fail({
          ...sessionFailure(this.running, message.name, message.message),
          fatal: !message.survived,
        });
        break;
      case 'exit':
        this.exit = message;
        break;
      case 'done':
        if (message.cell === this.running.number) this.finish?.();
        break;
      case 'drained':
        this.drained = message;
        if (message.left.length > 0) this.child.kill();
        break;
      case 'ready':
      case 'barrier':
        break;
    }
  }

  private ended(end: ChildEnd): void {
    this.end = end;
    this.fail(this.deathFailure(end));
    this.finish?.();
  }

  private deathFailure({ code, signal, leftProcesses }: ChildEnd): CellFailure | undefined {
    const failed = (name: string, message: string) =>
      sessionFailure(this.running, name, message, this.exit?.frames);
    if (this.exit) return failed('ProcessExit', `The cell ended its own process by ${this.exit.call}.`);
    const left = this.drained?.left ?? [];
    if (left.length > 0) {
      return failed(
        'LeftRunning',
        `After the last cell this was still running: ${leftOver(left)}. End it in a cell.`,
      );
    }
    if (leftProcesses)
      return failed(
        'LeftRunning',
        'A process that the notebook started was still running. End it in a cell.',
      );
    if (code === lostChannelCode) {
      return failed('OutputLost', 'A cell closed the descriptor by which its output leaves the process.');
    }
    if (this.drained && code === 0) return undefined;
    if (this.drained?.exitCode === String(code)) {
      return failed('ExitCode', `The notebook set process.exitCode to ${code}, which means that it failed.`);
    }
    if (this.outOfMemory) {
      return failed('MemoryLimit', `The cell used more than its ${this.limits.memory} MB of memory.`);
    }
    return failed('ProcessExit', `The process of the notebook ended with ${signal ?? `code ${code}`}.`);
  }

  /** The heap has V8's own limit; buffers and WebAssembly memory lie outside of it. */
  private checkMemory(): void {
    if ((residentMegabytes(this.child.pid) ?? 0) <= this.limits.memory) return;
    this.outOfMemory = true;
    this.child.kill();
  }

  /** V8's report of a crash has addresses and times in it, which say nothing and differ each time. */
  private withoutCrashReport(text: string): string {
    if (!/FATAL ERROR:.*(heap|memory)/i.test(text)) return text;
    this.outOfMemory = true;
    return text.replace(/\n*<--- Last few GCs --->[^]*/, '');
  }

  /** The first failure counts; what follows from it does not. */
  private fail(failure: CellFailure | undefined): void {
    this.failure ??= failure;
  }

  private write(cell: number, name: 'stdout' | 'stderr', text: string): void {
    const collector = this.collector(cell);
    const room = this.limits.output - collector.size;
    collector.write(name, text.length > room ? text.slice(0, Math.max(0, room)) : text);
    if (text.length > room) this.exceedOutput();
  }

  private show(type: 'display' | 'result', cell: number, data: Bundle, metadata: Bundle): void {
    const collector = this.collector(cell);
    const content = { data: data as JsonObject, metadata: metadata as Record<string, Json> };
    if (type === 'display') collector.add({ output_type: 'display_data', ...content });
    else collector.add({ output_type: 'execute_result', execution_count: cell, ...content });
    if (collector.size > this.limits.output) this.exceedOutput();
  }

  private exceedOutput(): void {
    const limit = this.limits.output.toLocaleString('en-US');
    const message = `The cell put out more than ${limit} characters; the output above is cut there.`;
    this.fail(sessionFailure(this.running, 'OutputLimit', message));
    this.child.kill();
  }

  private collector(cell: number): OutputCollector {
    let collector = this.collectors.get(cell);
    if (!collector) this.collectors.set(cell, (collector = new OutputCollector()));
    return collector;
  }

  private limit(milliseconds: number, exceeded: () => void): NodeJS.Timeout | undefined {
    return Number.isFinite(milliseconds) ? setTimeout(exceeded, milliseconds) : undefined;
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

function leftOver(resources: readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    Timeout: 'a timer',
    Immediate: 'an immediate callback',
    ProcessWrap: 'a child process',
    TCPServerWrap: 'a server',
    TCPSocketWrap: 'a connection',
    PipeWrap: 'a pipe',
    MessagePort: 'a worker or message port',
    FSEventWrap: 'a file watcher',
  };
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const name = names[resource] ?? resource;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Array.from(counts, ([name, count]) => (count > 1 ? `${name} (${count} times)` : name)).join(', ');
}
