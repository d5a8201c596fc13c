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
  readonly #program: Program | undefined;
  readonly #addresses: Tensor | undefined;

  private constructor(private readonly calls: readonly ProgramCall<Part>[]) {
    this.#program = programOf(calls, parts);
    const addresses = this.#program && Int32Array.from(this.#program.addresses);
    this.#addresses = addresses && unscoped(() => constant(addresses, { dtype: 'int32' }));
  }

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
    return new Replay(calls);
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
  run(batch: BatchAddresses): boolean {
    if (this.#program && this.#addresses)
      return this.#program.run(this.#addresses.pointer, batch.x, batch.labels) === 1;
    const own = (argument: number | Part): number =>
      typeof argument === 'string' ? batch[argument] : argument;
    return this.calls.every(({ kernel, args, result }) => Object.is(kernel(...args.map(own)), result));
  }
}

/** Finds out, step by step, what can be repeated. */
export class Rehearsal {
  #latest: Recording | undefined;
  #replay: Replay | undefined;
  #isOver = false;

  /** False once a step could not be recorded: what follows it may be different, too. */
  get goesOn(): boolean {
    return !this.#isOver;
  }

  /** The last step of an epoch may be a smaller one, which nobody records: no step after it follows the latest one. */
  beginEpoch(): void {
    this.#latest = undefined;
  }

  /** A replay that this step fits: the last one, or one that it makes together with the step before it. */
  after(step: Recording | undefined): Replay | undefined {
    if (step === undefined) {
      this.#isOver = true;
      return undefined;
    }
    const earlier = this.#latest;
    this.#latest = step;
    if (!this.#replay?.fits(step)) this.#replay = earlier && Replay.of(earlier, step);
    return this.#replay;
  }
}
