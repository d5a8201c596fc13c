import {
  compileFailure,
  errorOutput,
  failedBefore,
  sessionFailure,
  thrownFailure,
  type CellFailure,
  type CellSource,
} from './cell-failure.js';
import { CellOutputs, type OutputEvent } from './cell-outputs.js';
import { CellPrograms } from './cell-programs.js';
import type { Compiler } from './compiler.js';
import type { Output } from './nbformat.js';
import { residentMegabytes } from './left-processes.js';
import { SessionChild, type ChildEnd } from './session-child.js';
import { endFailure, withoutCrashReport, type SessionTrace } from './session-end.js';
import { defaultLimits, type SessionLimits } from './session-limits.js';
import { cellPositions, type SourcePositions } from './positions.js';
import { cellOfScript, type ControlReply, type SessionMessage, type StackFrame } from './session-messages.js';
import type { CompiledCell } from './compiled-cell.js';

/** What a front hears while the session lives. */
export interface SessionEvents {
  output?(event: OutputEvent): void;
  /** Code that a cell left behind failed while no cell was running; the next cell fails for it. */
  failedBetween?(failure: CellFailure): void;
}

/** Executes the cells of one notebook one after the other and tells truthfully what came of each. */
export class Session {
  readonly programs: CellPrograms;
  private readonly child: SessionChild;
  private readonly outputs: CellOutputs;
  private readonly sources = new Map<number, string>();
  private readonly positions = new Map<number, SourcePositions>();
  private running: CellSource = { number: 0, source: '' };
  private compiling = false;
  private interrupting = false;
  private finish: (() => void) | undefined;
  private failure: CellFailure | undefined;
  private failureBetween: CellFailure | undefined;
  private exit: SessionTrace['exit'];
  private drained: SessionTrace['drained'];
  private end: ChildEnd | undefined;
  private outOfMemory = false;
  private closed = false;

  /** Starts the process that will run the cells, in the compiler's directory. */
  constructor(
    private readonly compiler: Compiler,
    private readonly limits: SessionLimits = defaultLimits,
    private readonly events: SessionEvents = {},
  ) {
    this.programs = new CellPrograms(compiler);
    this.outputs = new CellOutputs(
      limits.output,
      () => this.exceedOutput(),
      (event) => events.output?.(event),
    );
    this.child = new SessionChild(compiler.directory, limits.memory, {
      message: (message) => this.receive(message),
      inherited: (cell, name, text) => this.takeInherited(cell, name, text),
      ended: (end) => this.ended(end),
    });
  }

  /** Executes a cell; resolves with its failure, if any. `next` is compiled meanwhile. Never rejects because of the cell. */
  async execute(cell: CellSource, next?: CellSource): Promise<CellFailure | undefined> {
    this.begin(cell);
    const finished = new Promise<void>((resolve) => (this.finish = resolve));
    let timer: NodeJS.Timeout | undefined;
    const watch = setInterval(() => this.checkMemory(), 100);
    try {
      await Promise.race([this.compiler.ready, finished]);
      timer = this.limit(this.limits.cellTime, () => {
        void this.timeOut(cell, this.compiling);
      });
      const program = await Promise.race([this.programs.of(cell.source), finished]);
      this.compiling = false;
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

  /**
   * Makes the running cell fail with the error Interrupted, whatever it does; the names of earlier cells survive.
   * What cannot be stopped otherwise ends with its process, and the failure says so.
   */
  interrupt(): void {
    const patience = 5000;
    const { running, finish } = this;
    if (this.compiling && finish) {
      this.fail({ ...sessionFailure(running, 'Interrupted', 'The cell was interrupted.'), fatal: false });
      finish();
      return;
    }
    this.interrupting = true;
    this.child.interrupt();
    setTimeout(() => {
      if (finish && this.finish === finish) this.child.kill();
    }, patience).unref();
  }

  /** Lets the outputs of a cell go. */
  forgetOutputs(cell: number): void {
    this.outputs.forget(cell);
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
    this.closed = true;
    this.child.kill();
  }

  private begin(cell: CellSource): void {
    this.running = cell;
    this.failure = this.end && this.deathFailure(this.end);
    this.compiling = true;
    this.interrupting = false;
    this.sources.set(cell.number, cell.source);
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
    if (next) this.programs.compileAhead(next.source, program);
    await finished;
    if (!this.failure) this.programs.succeeded(program);
  }

  private async timeOut(cell: CellSource, compiling: boolean): Promise<void> {
    const frames = compiling ? [] : await this.child.where();
    const message = `The cell ran longer than its limit of ${this.limits.cellTime / 1000} s.`;
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
    this.failure ??= this.failureBetween && failedBefore(this.running, this.failureBetween);
    this.failureBetween = undefined;
    if (this.failure) this.outputs.add(this.running.number, errorOutput(this.failure));
    return this.failure;
  }

  private receive(message: SessionMessage): void {
    switch (message.type) {
      case 'stream':
        this.outputs.write(message.cell, message.name, message.text);
        break;
      case 'display':
      case 'result':
        this.outputs.show(message);
        break;
      case 'clear':
        this.outputs.clear(message.cell, message.wait);
        break;
      case 'progress':
        this.outputs.progress(message.text);
        break;
      case 'thrown':
        this.fail(thrownFailure(this.running, message.error, (cell) => this.sources.get(cell)));
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

  private takeInherited(cell: number, name: 'stdout' | 'stderr', text: string): void {
    const cleaned = withoutCrashReport(text);
    this.outOfMemory ||= cleaned.outOfMemory;
    this.outputs.write(cell, name, cleaned.text);
  }

  private ended(end: ChildEnd): void {
    this.end = end;
    this.fail(this.deathFailure(end));
    this.finish?.();
  }

  private deathFailure(end: ChildEnd): CellFailure | undefined {
    const { exit, drained, outOfMemory } = this;
    if (this.interrupting) {
      const message =
        'What ran could not be interrupted without ending its process: the names of earlier cells are gone.';
      return sessionFailure(this.running, 'Interrupted', message);
    }
    return endFailure(this.running, end, { exit, drained, outOfMemory, memoryLimit: this.limits.memory });
  }

  /** The heap has V8's own limit; buffers and WebAssembly memory lie outside of it. */
  private checkMemory(): void {
    if ((residentMegabytes(this.child.pid) ?? 0) <= this.limits.memory) return;
    this.outOfMemory = true;
    this.child.kill();
  }

  /** The first failure counts; what follows from it does not. */
  private fail(failure: CellFailure | undefined): void {
    if (this.finish) this.failure ??= failure;
    else if (failure && !this.failureBetween && !this.closed) {
      this.failureBetween = failure;
      this.events.failedBetween?.(failure);
    }
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
