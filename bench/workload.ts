/** One thing that is timed: `prepare` returns the step to repeat. */
export interface Workload {
  readonly name: WorkloadName;
  readonly unit: string;
  /** Repetitions before and between measurements, so that the engine has compiled what it will compile. */
  readonly repetitions: number;
}

export const workloads: readonly Workload[] = [
  { name: 'mlp-step', unit: '2-8-2 sigmoid MLP, batch 128, float64: one training step', repetitions: 2000 },
];

export type WorkloadName = string;

/** A way of doing the workloads; one that it cannot do is left out. */
export type Variant = Readonly<Record<WorkloadName, () => () => void>>;
