import { kernels, memoryReads } from './index.js';

export type Kernel = (...args: number[]) => number | undefined;

/** One call of a kernel: everything that it depends on besides the memory, and what it answered. */
export interface KernelCall {
  readonly kernel: Kernel;
  readonly args: readonly number[];
  readonly result: number | undefined;
}

let calls: KernelCall[] = [];
const listeners = new Map<Kernel, Kernel>();

/**
 * Runs a body and writes down the kernels that it calls, in their order. Making the same calls again does to the memory what
 * the body did; there are none to be had when JavaScript itself has looked into the memory or written to it.
 */
export function recorded<T>(body: () => T): { readonly value: T; readonly calls: KernelCall[] | undefined } {
  calls = [];
  const before = memoryReads();
  const restore = [kernels, kernels.float64, kernels.float32].map(listenTo);
  try {
    const value = body();
    return { value, calls: memoryReads() === before ? calls : undefined };
  } finally {
    for (const one of restore) one();
  }
}

/** Puts in place of each kernel of a set one that is written down; returns what undoes it. */
function listenTo(set: object): () => void {
  const own = Object.entries(set).filter(
    (entry): entry is [string, Kernel] => typeof entry[1] === 'function',
  );
  const kernelsByName = set as Record<string, Kernel>;
  for (const [name, kernel] of own) kernelsByName[name] = listenerOf(kernel);
  return () => {
    for (const [name, kernel] of own) kernelsByName[name] = kernel;
  };
}

function listenerOf(kernel: Kernel): Kernel {
  const known = listeners.get(kernel);
  if (known) return known;
  const listener: Kernel = (...args) => {
    const result = kernel(...args);
    calls.push({ kernel, args, result });
    return result;
  };
  listeners.set(kernel, listener);
  return listener;
}
