import type { CellFailure } from '../../src/notebook/cell-failure.js';
import type { Compiler } from '../../src/notebook/compiler.js';
import type { Output } from '../../src/notebook/nbformat.js';
import { defaultLimits, type SessionLimits } from '../../src/notebook/session-limits.js';
import { Session } from '../../src/notebook/session.js';

export type Cells = string | readonly string[];

/** What came of some cells, one after the other, in a session of their own. */
export async function runCells(compiler: Compiler, cells: Cells, limits: Partial<SessionLimits> = {}) {
  const sources = typeof cells === 'string' ? [cells] : cells;
  const session = new Session(compiler, { ...defaultLimits, cellTime: 20_000, drainTime: 1500, ...limits });
  const failures: (CellFailure | undefined)[] = [];
  for (const [index, source] of sources.entries()) {
    failures.push(await session.execute({ number: index + 1, source }));
    if (failures.at(-1)?.fatal) break;
  }
  const late = failures.some((failure) => failure?.fatal) ? undefined : await session.drain();
  const outputs = sources.map((_, index) => session.outputsOf(index + 1));
  session.close();
  return { failures, late, outputs, failure: failures.find((failure) => failure) };
}

export const stream = (name: 'stdout' | 'stderr', text: string): Output => ({
  output_type: 'stream',
  name,
  text,
});
export const result = (text: string, count = 1): Output => ({
  output_type: 'execute_result',
  execution_count: count,
  data: { 'text/plain': text },
  metadata: {},
});

/** A file beside the notebook. */
export const localFile = [
  'interface Unused { a: number }',
  'export function double(x: number): number { return 2 * x; }',
  '',
  "export function boom(): never { throw new Error('boom'); }",
].join('\n');
