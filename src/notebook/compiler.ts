import { spawn, type ChildProcess } from 'node:child_process';

import { childEnvironment, nodeArguments } from './child-entry.js';
import type { CompiledCell } from './tslab-adapter.js';

export interface CompilerRequest {
  readonly id: number;
  readonly source: string;
  readonly declarations: string;
}
export interface CompilerReply {
  readonly id: number;
  readonly cell?: CompiledCell;
}

/** Compiles and type-checks cells in a process of its own, which any number of notebooks of one folder may use in turn. */
export class Compiler {
  private readonly process: ChildProcess;
  private readonly waiting = new Map<
    number,
    { resolve(cell: CompiledCell): void; reject(error: Error): void }
  >();
  private readonly text: string[] = [];
  private count = 0;
  private closed = false;
  /** Resolves when cells can be compiled; rejects when the compiler cannot start. */
  readonly ready: Promise<unknown>;

  /** Imports in cells are resolved from `directory`. */
  constructor(readonly directory: string) {
    this.process = spawn(process.execPath, nodeArguments('compiler-process'), {
      cwd: directory,
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.ready = new Promise((resolve, reject) =>
      this.waiting.set(0, { resolve: () => resolve(undefined), reject }),
    );
    this.ready.catch(() => undefined);
    this.process.stdout!.on('data', (chunk) => this.text.push(String(chunk)));
    this.process.stderr!.on('data', (chunk) => this.text.push(String(chunk)));
    this.process.on('message', (reply: CompilerReply) => {
      const request = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      request?.resolve(reply.cell ?? nothing);
    });
    this.process.on('error', (error) => this.giveUp(error.message));
    this.process.on('exit', (code, signal) => this.giveUp(`it ended with ${signal ?? `code ${code}`}`));
  }

  /** The program of a cell, given what the cells before it declared. Rejects when the compiler died. */
  compile(source: string, declarations: string): Promise<CompiledCell> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.process.send({ id, source, declarations } satisfies CompilerRequest, (error) => {
        if (error) this.giveUp(error.message);
      });
    });
  }

  get alive(): boolean {
    return !this.closed && this.process.exitCode === null && this.process.signalCode === null;
  }

  close(): void {
    this.closed = true;
    this.process.kill('SIGKILL');
  }

  private giveUp(reason: string): void {
    const error = new Error(
      `internal: the TypeScript compiler of ${this.directory} stopped: ${reason}\n${this.text.join('')}`,
    );
    for (const request of this.waiting.values()) request.reject(error);
    this.waiting.clear();
  }
}

const nothing: CompiledCell = { diagnostics: [], declarations: '', imported: [], awaits: false };
