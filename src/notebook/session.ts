import {
  compileFailure,
  errorOutput,
  sessionFailure,
  thrownFailure,
  type CellFailure,
  type CellSource,
} from './cell-failure.js';
import { CellOutputs } from './cell-outputs.js';
import type { Compiler } from './compiler.js';
import type { Output } from './nbformat.js';
import { residentMegabytes } from './left-processes.js';
import { SessionChild, type ChildEnd } from './session-child.js';
import { endFailure, type SessionTrace } from './session-end.js';
import { cellPositions, type SourcePositions } from './positions.js';
import { cellOfScript, type ControlReply, type SessionMessage, type StackFrame } from './session-messages.js';
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
  private readonly outputs: CellOutputs;
  private readonly sources = new Map<number, string>();
  private readonly positions = new Map<number, SourcePositions>();
  private declarations = '';
  private ahead: { source: string; declarations: string; program: Promise<CompiledCell> } | undefined;
  private running: CellSource = { number: 0, source: '' };
  private finish: (() => void) | undefined;
  private failure: CellFailure | undefined;
  private exit: SessionTrace['exit'];
  private drained: SessionTrace['drained'];
  private end: ChildEnd | undefined;
  private outOfMemory = false;

  /** Starts the process that will run the cells, in the compiler's directory. */
  constructor(
    private readonly compiler: Compiler,
    private readonly limits: SessionLimits = defaultLimits,
  ) {
    this.outputs = new CellOutputs(limits.output, () => this.exceedOutput());
    this.child = new SessionChild(compiler.directory, limits.memory, {
      message: (message) => this.receive(message),
      inherited: (cell, name, text) => this.outputs.write(cell, name, this.withoutCrashReport(text)),
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
    return this.outputs.of(cell);
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
    this.outputs.add(failure.cell, errorOutput(failure));
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
    if (this.failure) this.outputs.add(this.running.number, errorOutput(this.failure));
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
        this.outputs.write(message.cell, message.name, message.text);
        break;
      case 'display':
      case 'result':
        this.outputs.show(message.type, message.cell, message.data, message.metadata);
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

  private deathFailure(end: ChildEnd): CellFailure | undefined {
    const { exit, drained, outOfMemory } = this;
    return endFailure(this.running, end, { exit, drained, outOfMemory, memoryLimit: this.limits.memory });
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

  private exceedOutput(): void {
    const limit = this.limits.output.toLocaleString('en-US');
    const message = `The cell put out more than ${limit} characters; its output ends at that limit.`;
    this.fail(sessionFailure(this.running, 'OutputLimit', message));
    this.child.kill();
  }

  private limit(milliseconds: number, exceeded: () => void): NodeJS.Timeout | undefined {
    return Number.isFinite(milliseconds) ? setTimeout(exceeded, milliseconds) : undefined;
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
