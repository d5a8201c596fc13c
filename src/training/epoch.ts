import type { Split } from '../data/dataset.js';
import { sqrt } from '../kernels/math.js';
import { recorded } from '../kernels/recording.js';
import type { Random } from '../random/random.js';
import { bytesPerElement } from '../tensor/dtype.js';
import { scoped, unscoped } from '../tensor/memory.js';
import type { Tensor } from '../tensor/tensor.js';
import type { BatchAddresses, Rehearsal, Replay } from './replay.js';
import type { EpochRecord, Stop } from './run.js';
import {
  type Bad,
  type Batch,
  descend,
  type EpochState,
  firstBroken,
  type Slope,
  slopeOn,
  type Stepper,
  whatIsBad,
} from './step.js';

export interface EpochOptions {
  readonly batchSize: number;
  readonly rate: number;
  /** What layers draw from. */
  readonly random: Random;
  /** Given when steps that do the same are repeated; the same one in every epoch. */
  readonly rehearsal: Rehearsal | undefined;
  /** Told after every step, counted from 1. */
  readonly onStep: (step: number) => void;
}

export type EpochOutcome = Pick<EpochRecord, 'trainingLoss' | 'gradientNorms'> | Omit<Stop, 'epoch'>;

/** Steps through the data once, batch by batch; the last batch may be smaller. */
export function runEpoch(stepper: Stepper, split: Split, options: EpochOptions): EpochOutcome {
  const epoch = new Epoch(stepper, split, options);
  const bad = epoch.run();
  return bad ?? epoch.summary();
}

class Epoch {
  readonly #state: EpochState;
  readonly #batches: number;
  #steps = 0;
  #bad: Bad | undefined;

  constructor(
    readonly stepper: Stepper,
    readonly split: Split,
    readonly options: EpochOptions,
  ) {
    const { rate, random } = options;
    this.#state = { rate, training: { random } };
    options.rehearsal?.beginEpoch();
    stepper.sums.assign(new Float64Array(stepper.sums.size));
    this.#batches = Math.ceil(split.size / options.batchSize);
  }

  run(): Omit<Stop, 'epoch'> | undefined {
    const { stepper, options } = this;
    while (this.#steps < this.#batches && this.#bad === undefined) {
      scoped('a training step', () => {
        if (options.rehearsal?.goesOn && this.#nextIsWhole()) this.#recordAndReplay(options.rehearsal);
        else this.#descend(slopeOn(stepper, this.#batch(), this.#state.training));
      });
    }
    return this.#bad && { step: this.#steps, ...this.#bad };
  }

  summary(): EpochOutcome {
    const { stepper, split } = this;
    const broken = firstBroken(stepper);
    const reason = 'the update has made it NaN or infinite';
    if (broken !== undefined) return { step: this.#steps - 1, parameter: broken, reason };
    const [loss, ...squares] = stepper.sums.data() as Float64Array;
    return { trainingLoss: loss! / split.size, gradientNorms: normsByLayer(stepper, squares, this.#steps) };
  }

  /**
   * A step that is recorded, and as many after it as can be repeated: they write into the tensors of this one, so that its slope
   * is always that of the latest step.
   */
  #recordAndReplay(rehearsal: Rehearsal): void {
    const batch = this.#batch();
    const { value: slope, calls } = recorded(() => slopeOn(this.stepper, batch, this.#state.training));
    const replay: Replay | undefined = rehearsal.after(calls && { calls, ...addressesOf(batch) });
    this.#descend(slope);
    while (replay && this.#bad === undefined && this.#nextIsWhole()) {
      if (!replay.run(addressesOf(this.#batch()))) return; // the step is made again op by op, which tells what is wrong
      this.#descend(slope);
    }
  }

  #descend(slope: Slope): void {
    if (!slope.isFinite) {
      this.#bad = whatIsBad(this.stepper, slope);
      return;
    }
    descend(this.stepper, slope, this.#state);
    this.#steps += 1;
    unscoped(() => this.options.onStep(this.#steps));
  }

  #batch(): Batch {
    const { split, options } = this;
    const start = this.#steps * options.batchSize;
    return { split, start, end: Math.min(start + options.batchSize, split.size) };
  }

  #nextIsWhole(): boolean {
    return (this.#steps + 1) * this.options.batchSize <= this.split.size;
  }
}

function addressesOf({ split, start }: Batch): BatchAddresses {
  return { x: addressOfRow(split.x, start), labels: addressOfRow(split.labels, start) };
}

function addressOfRow({ pointer, size, shape, dtype }: Tensor, row: number): number {
  return pointer + row * (size / shape[0]!) * bytesPerElement[dtype];
}

function normsByLayer(stepper: Stepper, squares: readonly number[], steps: number): Record<string, number> {
  const byLayer = new Map<string, number>();
  stepper.parameters.forEach(([path], k) => {
    const layer = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : path;
    byLayer.set(layer, (byLayer.get(layer) ?? 0) + squares[k]!);
  });
  return Object.fromEntries([...byLayer].map(([layer, square]) => [layer, sqrt(square / steps)]));
}
