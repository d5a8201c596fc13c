import { type Program, type ProgramCall, programOf } from '../kernels/program.js';
import type { KernelCall } from '../kernels/recording.js';
import { constant } from '../tensor/creation.js';
import { unscoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';

/** A step: the kernels that it called, and where the instances and labels of its batch lay. */
export interface Recording extends BatchAddresses {
  readonly calls: readonly KernelCall[];
}

export interface BatchAddresses {
  readonly x: number;
  readonly labels: number;
}

const parts = ['x', 'labels'] as const;
type Part = (typeof parts)[number];

/** The calls of a step, to be made again on another batch. */
export class Replay {
  private constructor(
    private readonly calls: readonly ProgramCall<Part>[],
    private readonly program: Program,
    private readonly addresses: Tensor,
  ) {}

  /** What two steps have in common, if they differ in nothing but the addresses of their batches. */
  static of(earlier: Recording, later: Recording): Replay | undefined {
    if (earlier.calls.length !== later.calls.length) return undefined;
    const calls: ProgramCall<Part>[] = [];
    for (const [k, { kernel, args, result }] of later.calls.entries()) {
      const before = earlier.calls[k]!;
      if (before.kernel !== kernel || before.args.length !== args.length || before.result !== result)
        return undefined;
      const common = args.map((value, at) => {
        const old = before.args[at]!;
        if (Object.is(old, value)) return value;
        return parts.find((part) => old === earlier[part] && value === later[part]);
      });
      if (common.includes(undefined)) return undefined;
      calls.push({ kernel, args: common as (number | Part)[], result });
    }
    const program = programOf(calls, parts);
    if (program === undefined) return undefined;
    const addresses = unscoped(() => constant(Int32Array.from(program.addresses), { dtype: 'int32' }));
    return new Replay(calls, program, addresses);
  }

  /** Whether a step has done what would have been repeated on its batch. */
  fits(step: Recording): boolean {
    return (
      step.calls.length === this.calls.length &&
      this.calls.every(({ kernel, args, result }, k) => {
        const other = step.calls[k]!;
        const equal = (argument: number | Part, at: number) =>
          Object.is(other.args[at], typeof argument === 'string' ? step[argument] : argument);
        return other.kernel === kernel && other.result === result && args.every(equal);
      })
    );
  }

  /** Computes the step on another batch; false, and no result, when a kernel answers otherwise than in the recorded step. */
  run({ x, labels }: BatchAddresses): boolean {
    return this.program.run(this.addresses.pointer, x, labels) === 1;
  }
}

/** Finds out, step by step, what can be repeated. */
export class Rehearsal {
  #latest: Recording | undefined;
  #replay: Replay | undefined;

  /** The last step of an epoch may be a smaller one, which nobody records: no step after it follows the latest one. */
  beginEpoch(): void {
    this.#latest = undefined;
  }

  /** A replay that this step fits: the last one, or one that it makes together with the step before it. */
  after(step: Recording): Replay | undefined {
    const earlier = this.#latest;
    this.#latest = step;
    if (!this.#replay?.fits(step)) this.#replay = earlier && Replay.of(earlier, step);
    return this.#replay;
  }
}
