import {
  INITIAL_PAGES,
  MAXIMUM_PAGES,
  signatures,
  wasmBase64,
  type KernelSet,
  type UntypedKernels,
} from './wasm.generated.js';

export type { KernelSet, UntypedKernels };

/** Memory that grows in pages of 64 KiB. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

// What we need of the global; TypeScript declares it only together with the whole DOM.
declare const WebAssembly: {
  Memory: new (limits: { initial: number; maximum: number }) => Memory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

const linearMemory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
let reads = 0;

/** The one WebAssembly memory in which every tensor lives; growing it detaches all views, so never keep one. */
export const memory: Memory = {
  get buffer() {
    reads += 1;
    return linearMemory.buffer;
  },
  grow: (pages) => linearMemory.grow(pages),
};

/** How many times JavaScript has asked for the memory, to read or to write it. */
export function memoryReads(): number {
  return reads;
}

const exported = instantiate(decodeBase64(wasmBase64)) as UntypedKernels & Record<string, unknown>;

/** The compiled kernels: one set per dtype, and beside them those whose types are fixed. */
export const kernels: { readonly float64: KernelSet; readonly float32: KernelSet } & UntypedKernels = {
  ...exported,
  float64: withSuffix('_f64'),
  float32: withSuffix('_f32'),
};

const names = new Map(Object.entries(exported).map(([name, kernel]) => [kernel, name]));

/** The name under which WebAssembly exports a kernel, and its types; `undefined` when the code is not ours. */
export function exportOf(kernel: unknown): { readonly name: string; readonly types: string } | undefined {
  const name = names.get(kernel);
  return name === undefined ? undefined : { name, types: signatures[name]! };
}

/** What a WebAssembly module exports that works in our memory and calls some of our kernels. */
export function instantiate(bytes: Uint8Array, called: object = {}): unknown {
  const imports = { env: { memory: linearMemory, abort: stop }, kernels: called };
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}

let replacement: string | undefined;

/** Puts other code in place of some kernels, until the process ends; what is computed is then no longer the same bits everywhere. */
export function replaceKernels(
  by: string,
  others: { readonly float64: Partial<KernelSet>; readonly float32: Partial<KernelSet> },
): void {
  replacement = by;
  const { float64, float32 } = kernels;
  Object.assign(kernels, {
    float64: { ...float64, ...others.float64 },
    float32: { ...float32, ...others.float32 },
  });
}

/** Whose code computes in place of some kernels, or `undefined` while results are the same bits everywhere. */
export function replacedBy(): string | undefined {
  return replacement;
}

/** The first byte above the module's tables and its scratch space; a multiple of 16. */
export const heapBase = kernels.heapBase();

function withSuffix(suffix: string): KernelSet {
  const own = Object.entries(exported).filter(([name]) => name.endsWith(suffix));
  return Object.fromEntries(
    own.map(([name, kernel]) => [name.slice(0, -suffix.length), kernel]),
  ) as unknown as KernelSet;
}

function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function stop(): never {
  throw new Error('internal: a kernel stopped');
}
