/** One thing that is timed: `prepare` returns the step to repeat. */
export interface Workload {
  readonly name: string;
  readonly unit: string;
  /** Repetitions before and between measurements, so that the engine has compiled what it will compile. */
  readonly repetitions: number;
}

export const workloads = [
  { name: 'mlp-step', unit: '2-8-2 sigmoid MLP, batch 128, float64: one training step', repetitions: 2000 },
] as const satisfies readonly Workload[];

export type WorkloadName = (typeof workloads)[number]['name'];

/** A way of doing the workloads; one that it cannot do is left out. */
export type Variant = Partial<Record<WorkloadName, () => () => void>>;
