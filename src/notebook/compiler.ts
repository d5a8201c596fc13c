import { spawn, type ChildProcess } from 'node:child_process';

import { childEnvironment, nodeArguments, optimizeAfter } from './child-entry.js';
import type { CellCompleteness, CellCompletions } from './cell-help.js';
import type { CellReview } from './cell-review.js';
import type { CellVariable } from './cell-variables.js';
import type { CompiledCell } from './compiled-cell.js';

/** What the compiler process can be asked. */
export interface CompilerMethods {
  readonly compile: (source: string, declarations: string) => CompiledCell;
  readonly variables: (declarations: string) => CellVariable[];
  readonly review: (source: string, declarations: string) => CellReview;
  readonly completions: (source: string, declarations: string, offset: number) => CellCompletions;
  readonly quickInfo: (source: string, declarations: string, offset: number) => string | undefined;
  readonly completeness: (source: string) => CellCompleteness;
}
export interface CompilerRequest {
  readonly id: number;
  readonly method: keyof CompilerMethods;
  readonly values: readonly unknown[];
}
export interface CompilerReply {
  readonly id: number;
  readonly value?: unknown;
  readonly fault?: string;
}

/** Compiles and type-checks cells in a process of its own, which any number of notebooks of one folder may use in turn. */
export class Compiler {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly text: string[] = [];
  private count = 0;
  private closed = false;
  /** Whether cells have left modules here, which no other session must find. */
  hasModules = false;
  /** Resolves when cells can be compiled; rejects when the compiler cannot start. */
  readonly ready: Promise<unknown>;

  /** Imports in cells are resolved from `directory`. */
  constructor(readonly directory: string) {
    const youngGeneration = '--max-semi-space-size=64'; // most of what a compiler makes, it soon drops
    const flags = [youngGeneration, ...optimizeAfter(2_000_000)];
    this.process = spawn(process.execPath, nodeArguments('compiler-process', flags), {
      cwd: directory,
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.ready = new Promise((resolve, reject) => this.waiting.set(0, { resolve, reject }));
    this.ready.catch(() => undefined);
    this.process.stdout!.on('data', (chunk) => this.text.push(String(chunk)));
    this.process.stderr!.on('data', (chunk) => this.text.push(String(chunk)));
    this.process.on('message', (reply: CompilerReply) => {
      const request = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if (reply.fault !== undefined)
        request?.reject(new Error(`internal: the compiler failed: ${reply.fault}`));
      else request?.resolve(reply.value);
    });
    this.process.on('error', (error) => this.giveUp(error.message));
    this.process.on('exit', (code, signal) => this.giveUp(`it ended with ${signal ?? `code ${code}`}`));
  }

  /** The program of a cell, given what the cells before it declared. Rejects when the compiler died. */
  async compile(source: string, declarations: string): Promise<CompiledCell> {
    const cell = await this.ask('compile', source, declarations);
    this.hasModules ||= cell.isModule ?? false;
    return cell;
  }

  /** The variables in declarations, with their types. */
  variables(declarations: string): Promise<CellVariable[]> {
    return this.ask('variables', declarations);
  }

  /** What a reader should know of a cell before it runs. */
  async review(source: string, declarations: string): Promise<CellReview> {
    const review = await this.ask('review', source, declarations);
    this.hasModules ||= review.cell.isModule ?? false;
    return review;
  }

  /** The names that can stand at an offset of a cell. */
  completions(source: string, declarations: string, offset: number): Promise<CellCompletions> {
    return this.ask('completions', source, declarations, offset);
  }

  /** Type and documentation of what stands at an offset of a cell. */
  quickInfo(source: string, declarations: string, offset: number): Promise<string | undefined> {
    return this.ask('quickInfo', source, declarations, offset);
  }

  /** Whether a cell can run or waits for more lines. */
  completeness(source: string): Promise<CellCompleteness> {
    return this.ask('completeness', source);
  }

  get alive(): boolean {
    return !this.closed && this.process.exitCode === null && this.process.signalCode === null;
  }

  close(): void {
    this.closed = true;
    this.process.kill('SIGKILL');
  }

  private ask<Method extends keyof CompilerMethods>(
    method: Method,
    ...values: Parameters<CompilerMethods[Method]>
  ): Promise<ReturnType<CompilerMethods[Method]>> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {
        resolve: (value) => resolve(value as ReturnType<CompilerMethods[Method]>),
        reject,
      });
      this.process.send({ id, method, values } satisfies CompilerRequest, (error) => {
        if (error) this.giveUp(error.message);
      });
    });
  }

  private giveUp(reason: string): void {
    const error = new Error(
      `internal: the TypeScript compiler of ${this.directory} stopped: ${reason}\n${this.text.join('')}`,
    );
    for (const request of this.waiting.values()) request.reject(error);
    this.waiting.clear();
  }
}
