import type { KernelCall } from '../kernels/recording.js';

/** A step: the kernels that it called, and where the instances and labels of its batch lay. */
export interface Recording {
  readonly calls: readonly KernelCall[] | undefined;
  readonly x: number;
  readonly labels: number;
}

/** An argument that is an address in the batch. */
interface Moving {
  readonly call: number;
  readonly argument: number;
  readonly of: 'x' | 'labels';
}

/** The calls of a step, to be made again on another batch. */
export class Replay {
  readonly #calls: readonly { readonly call: KernelCall; readonly args: number[] }[];

  private constructor(
    calls: readonly KernelCall[],
    readonly moving: readonly Moving[],
  ) {
    this.#calls = calls.map((call) => ({ call, args: [...call.args] }));
  }

  /** What two steps on different batches have in common, if they differ in nothing but the addresses of their batches. */
  static of(earlier: Recording, later: Recording): Replay | undefined {
    if (earlier.calls === undefined || earlier.calls.length !== later.calls?.length) return undefined;
    const moving: Moving[] = [];
    for (const [k, { kernel, args }] of later.calls.entries()) {
      const before = earlier.calls[k]!;
      if (before.kernel !== kernel || before.args.length !== args.length) return undefined;
      for (const [argument, value] of args.entries()) {
        const old = before.args[argument];
        if (Object.is(old, value)) continue;
        const of = (['x', 'labels'] as const).find((part) => old === earlier[part] && value === later[part]);
        if (of === undefined) return undefined;
        moving.push({ call: k, argument, of });
      }
    }
    return new Replay(later.calls, moving);
  }

  /** Computes the step on another batch; false, and no result, when a kernel answers otherwise than in the recorded step. */
  run(batch: Pick<Recording, 'x' | 'labels'>): boolean {
    for (const { call, argument, of } of this.moving) this.#calls[call]!.args[argument] = batch[of];
    for (const { call, args } of this.#calls) if (!Object.is(call.kernel(...args), call.result)) return false;
    return true;
  }
}
