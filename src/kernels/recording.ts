import { kernels, memoryReads } from './index.js';

export type Kernel = (...args: number[]) => number | undefined;

/** One call of a kernel: everything that it depends on besides the memory, and what it answered. */
export interface KernelCall {
  readonly kernel: Kernel;
  readonly args: readonly number[];
  readonly result: number | undefined;
}

let calls: KernelCall[] | undefined;

/**
 * Runs a body and writes down the kernels that it calls, in their order. Making the same calls again does to the memory what
 * the body did; there are none to be had when JavaScript itself has looked into the memory or written to it. Only what is called
 * as a member of `kernels` is heard, so nobody may keep one that works on the memory in a variable of its own.
 */
export function recorded<T>(body: () => T): { readonly value: T; readonly calls: KernelCall[] | undefined } {
  const before = memoryReads();
  if (calls !== undefined) {
    const [outer, start] = [calls, calls.length];
    const value = body();
    return { value, calls: memoryReads() === before ? outer.slice(start) : undefined };
  }
  const made: KernelCall[] = [];
  const own = { ...kernels };
  Object.assign(kernels, listeningTo(own as unknown as Kernels));
  calls = made;
  try {
    const value = body();
    return { value, calls: memoryReads() === before ? made : undefined };
  } finally {
    calls = undefined;
    Object.assign(kernels, own);
  }
}

interface Kernels {
  readonly [name: string]: Kernel | Kernels;
}

const listening = new WeakMap<Kernel | Kernels, Kernel | Kernels>();

/** Kernels that write their calls down, in place of kernels and sets of them. */
function listeningTo(own: Kernels): Kernels {
  return Object.fromEntries(Object.entries(own).map(([name, one]) => [name, listenerTo(one)]));
}

function listenerTo(one: Kernel | Kernels): Kernel | Kernels {
  const listener = listening.get(one) ?? (typeof one === 'function' ? writingDown(one) : listeningTo(one));
  listening.set(one, listener);
  return listener;
}

function writingDown(kernel: Kernel): Kernel {
  return (...args) => {
    const result = kernel(...args);
    calls?.push({ kernel, args, result });
    return result;
  };
}
