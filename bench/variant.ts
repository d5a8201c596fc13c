import type { Task } from './workload.js';

/** One repetition of a task. */
export type Repeat = () => unknown;

type Kind = Task['kind'];

type Ready = Repeat | undefined | Promise<Repeat | undefined>;

/** A way of doing tasks: for each kind that it can do, how to get ready for one; `undefined` for one that it cannot do after all. */
export type Variant = {
  readonly [K in Kind]?: (task: Extract<Task, { kind: K }>) => Ready;
};

/** How a variant gets ready for a task, or `undefined` when it does no such task. */
export function preparation(variant: Variant, task: Task): (() => Ready) | undefined {
  const prepare = variant[task.kind] as ((task: Task) => Ready) | undefined;
  return prepare === undefined ? undefined : () => prepare(task);
}
