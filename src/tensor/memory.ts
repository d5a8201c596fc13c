import { memory } from '../kernels/index.js';
import { giveMemoryBack, padded, takeMemory } from './heap.js';
import { GradbookError, ReleasedError } from './error.js';
import { aFunction, aText, requireKinds } from './arguments.js';

/** Who owns a tensor's bytes; once it is dead, the bytes may hold other numbers and must not be read. */
export interface Region {
  readonly alive: boolean;
  /** Where the byte that lay at this address lies now, when the region is dead but its numbers were set aside. */
  readonly restored: (address: number) => number | undefined;
  /** How a tensor came to its end, and how to keep one. */
  readonly ending: string;
}

const PRESSURE = 256 << 20; // bytes in blocks after which a garbage collection is asked for
const MOST_BLOCKS = 1_000_000; // V8 ends the process at some four million tensors of one graph
let sinceCollection = 0;
let blocks = 0;

const collected = new FinalizationRegistry<{ address: number; bytes: number }>((held) => {
  blocks -= 1;
  giveMemoryBack(held.address, held.bytes);
});

/** The bytes of a tensor made outside any scope; given back by `clear()` or by the garbage collector. */
export class Block implements Region {
  alive = true;
  /** True when the tensor was made of a plain argument of an op, until the op claims it. */
  unclaimed = false;
  readonly address: number;
  readonly #bytes: number;
  #aside: Uint8Array | undefined;
  #again: Block | undefined;

  constructor(bytes: number) {
    this.#bytes = padded(bytes);
    askForCollection(this.#bytes);
    requireFewBlocks();
    this.address = takeMemory(this.#bytes);
    blocks += 1;
    collected.register(this, { address: this.address, bytes: this.#bytes }, this);
  }

  release(): void {
    if (!this.alive) return;
    this.alive = false;
    collected.unregister(this);
    blocks -= 1;
    giveMemoryBack(this.address, this.#bytes);
  }

  /** Gives the WebAssembly memory back, but keeps the numbers where V8's collector sees them. */
  setAside(): void {
    if (!this.alive) return;
    this.#aside = new Uint8Array(memory.buffer, this.address, this.#bytes).slice();
    this.release();
  }

  restored(address: number): number | undefined {
    if (this.#aside !== undefined) {
      this.#again = new Block(this.#bytes);
      new Uint8Array(memory.buffer, this.#again.address, this.#bytes).set(this.#aside);
      this.#aside = undefined;
    }
    return this.#again === undefined ? undefined : this.#again.address + address - this.address;
  }

  get ending(): string {
    return 'clear() has freed it; read its value, or keep(tensor), before clear()';
  }
}

/** One synchronous step: what is made inside lies in the arena and is given back, at no cost, when the step ends. */
class Scope implements Region {
  alive = true;

  constructor(
    readonly label: string,
    readonly outer: Scope | undefined,
    readonly chunk: number,
    readonly offset: number,
  ) {}

  restored(): undefined {
    return undefined;
  }

  get ending(): string {
    return `it was made inside ${this.label}, which has ended; return keep(tensor) from there to keep it`;
  }
}

/** The arena: a list of chunks, filled from the first on; a scope ends by setting the fill mark back. */
const FIRST_CHUNK = 1 << 20;
const LARGEST_CHUNK = 256 << 20; // doubling further would ask for 2 GiB that a step of 1 GiB does not need
const chunkAddresses: number[] = [];
const chunkBytes: number[] = [];
let chunk = 0;
let offset = 0;
let current: Scope | undefined;

/** The scope that is open, which owns what is made now, or `undefined`. */
export function openScope(): Region | undefined {
  return current;
}

/** The address of `bytes` bytes that live until the open scope ends. */
export function takeFromArena(bytes: number): number {
  const size = padded(bytes);
  while (chunk < chunkBytes.length) {
    if (offset + size <= chunkBytes[chunk]!) {
      const address = chunkAddresses[chunk]! + offset;
      offset += size;
      return address;
    }
    chunk += 1;
    offset = 0;
  }
  const fresh = Math.max(
    size,
    chunkBytes.length === 0 ? FIRST_CHUNK : Math.min(2 * chunkBytes[chunkBytes.length - 1]!, LARGEST_CHUNK),
  );
  chunkAddresses.push(takeMemory(fresh));
  chunkBytes.push(fresh);
  offset = size;
  return chunkAddresses[chunk]!;
}

/**
 * Runs one synchronous step; what it makes is released at its end, whether it returns or throws.
 * @throws GradbookError when the body returns a promise: a scope must not stay open over an `await`.
 */
export function scoped<T>(label: string, body: () => T): T {
  if (typeof body !== 'function') requireKinds('scoped', { label, body }, { label: aText, body: aFunction });
  const scope = new Scope(label, current, chunk, offset);
  current = scope;
  try {
    const result = body();
    if (result instanceof Promise) {
      result.catch(() => undefined); // what goes wrong later follows from the error that is thrown here
      throw new GradbookError(
        `${label}: the body is async; a scope holds one synchronous step, so await outside of it`,
      );
    }
    return result;
  } finally {
    scope.alive = false;
    chunk = scope.chunk;
    offset = scope.offset;
    current = scope.outer;
  }
}

/** Runs a body whose tensors outlive the scopes that are open. */
export function unscoped<T>(body: () => T): T {
  const open = current;
  current = undefined;
  try {
    return body();
  } finally {
    current = open;
  }
}

/** The error for touching a tensor whose region is dead. */
export function released(tensor: string, region: Region): ReleasedError {
  return new ReleasedError(`${tensor} has been released: ${region.ending}`);
}

/** V8 does not feel WebAssembly memory, so large amounts of blocks ask for a collection, where one can be had. */
function askForCollection(bytes: number): void {
  sinceCollection += bytes;
  if (sinceCollection < PRESSURE) return;
  sinceCollection = 0;
  (globalThis as { gc?: () => void }).gc?.();
}

/** A graph that grows forever fills V8's heap long before WebAssembly's, and V8 ends the process. */
function requireFewBlocks(): void {
  if (blocks < MOST_BLOCKS) return;
  throw new GradbookError(
    `memory: ${blocks} tensors made by hand are alive. A loop written by hand keeps the graph of every step: call ` +
      'loss.clear() at the end of a step, or compute the step inside valueAndGradient(…), train(…) or scoped(…); what nobody ' +
      'holds any more is found only between cells and at an await',
  );
}
