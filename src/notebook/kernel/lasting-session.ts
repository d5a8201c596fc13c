import type { CellCompleteness, CellCompletions } from '../cell-help.js';
import type { CellFailure, CellSource } from '../cell-failure.js';
import { Compiler } from '../compiler.js';
import { defaultLimits } from '../session-limits.js';
import { Session, type SessionEvents } from '../session.js';

export interface CellOutcome {
  readonly failure: CellFailure | undefined;
  /** The process of the cells had ended: the names of earlier cells are gone. */
  readonly restarted: boolean;
}

/** A session that outlives cells which end its process: it begins afresh and says so. */
export class LastingSession {
  private compiler: Compiler;
  private session: Session;
  private closed = false;

  constructor(
    private readonly directory: string,
    private readonly events: SessionEvents,
  ) {
    this.compiler = new Compiler(directory);
    this.session = this.begin();
  }

  /** Executes a cell; rejects only for faults of our own, after which the session is a fresh one too. */
  async execute(cell: CellSource): Promise<CellOutcome> {
    const { session } = this;
    try {
      const failure = await session.execute(cell);
      session.forgetOutputs(cell.number);
      if (failure?.fatal) this.renew();
      return { failure, restarted: failure?.fatal ?? false };
    } catch (error) {
      this.renew();
      throw error;
    }
  }

  interrupt(): void {
    this.session.interrupt();
  }

  async completions(source: string, offset: number): Promise<CellCompletions> {
    await this.compiler.ready;
    return this.session.programs.completions(source, offset);
  }

  async quickInfo(source: string, offset: number): Promise<string | undefined> {
    await this.compiler.ready;
    return this.session.programs.quickInfo(source, offset);
  }

  async completeness(source: string): Promise<CellCompleteness> {
    await this.compiler.ready;
    return this.compiler.completeness(source);
  }

  close(): void {
    this.closed = true;
    this.session.close();
    this.compiler.close();
  }

  private renew(): void {
    if (this.closed) return;
    this.session.close();
    if (this.compiler.hasModules) this.compiler.close();
    if (!this.compiler.alive) this.compiler = new Compiler(this.directory);
    this.session = this.begin();
  }

  /** A reader decides how long a cell may take: there is no limit but the interrupt. */
  private begin(): Session {
    return new Session(this.compiler, { ...defaultLimits, cellTime: Infinity }, this.events);
  }
}
