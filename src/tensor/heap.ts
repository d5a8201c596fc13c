import { heapBase, memory } from '../kernels/index.js';
import { GradbookError, internal } from './error.js';

const PAGE = 65536;
const CHUNK = 16; // kernels read and write whole 16-byte vectors, so every block is aligned and padded to them

/** Free stretches of WebAssembly memory in order of address; neighbours are always merged. */
const freeAddresses: number[] = [];
const freeBytes: number[] = [];
let end = heapBase; // everything above has never been handed out
let inUse = 0;

/** Bytes now handed out, and bytes of WebAssembly memory in all. */
export function memoryUse(): { inUse: number; reserved: number } {
  return { inUse, reserved: memory.buffer.byteLength };
}

export function padded(bytes: number): number {
  return Math.max(CHUNK, Math.ceil(bytes / CHUNK) * CHUNK);
}

/**
 * The address of `bytes` bytes (a multiple of 16) of memory, first fit.
 * @throws GradbookError when WebAssembly's 4 GiB are used up.
 */
export function takeMemory(bytes: number): number {
  if (!(bytes > 0 && bytes % CHUNK === 0))
    internal(`${bytes} bytes are asked for, which is no multiple of ${CHUNK}`);
  inUse += bytes;
  for (let k = 0; k < freeBytes.length; k++) {
    if (freeBytes[k]! < bytes) continue;
    const address = freeAddresses[k]!;
    if (freeBytes[k] === bytes) {
      freeAddresses.splice(k, 1);
      freeBytes.splice(k, 1);
    } else {
      freeAddresses[k] = address + bytes;
      freeBytes[k]! -= bytes;
    }
    return address;
  }
  const address = end;
  // Kernels read whole vectors, up to 15 bytes past an unaligned view, so the last block keeps a vector behind it.
  const needed = address + bytes + CHUNK;
  if (needed > memory.buffer.byteLength) grow(needed, bytes);
  end = address + bytes;
  return address;
}

/** Takes back what `takeMemory` handed out. */
export function giveMemoryBack(address: number, bytes: number): void {
  inUse -= bytes;
  let k = firstFreeAbove(address);
  const joinsBelow = k > 0 && freeAddresses[k - 1]! + freeBytes[k - 1]! === address;
  const joinsAbove = k < freeAddresses.length && address + bytes === freeAddresses[k];
  if (joinsBelow) {
    k -= 1;
    freeBytes[k]! += bytes;
    if (joinsAbove) {
      freeBytes[k]! += freeBytes[k + 1]!;
      freeAddresses.splice(k + 1, 1);
      freeBytes.splice(k + 1, 1);
    }
  } else if (joinsAbove) {
    freeAddresses[k] = address;
    freeBytes[k]! += bytes;
  } else {
    freeAddresses.splice(k, 0, address);
    freeBytes.splice(k, 0, bytes);
  }
  const last = freeAddresses.length - 1;
  if (freeAddresses[last]! + freeBytes[last]! === end) {
    end = freeAddresses.pop()!;
    freeBytes.pop();
  }
}

function firstFreeAbove(address: number): number {
  let low = 0;
  let high = freeAddresses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (freeAddresses[middle]! < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Doubles the memory at least: growing in small steps costs milliseconds each. */
function grow(needed: number, bytes: number): void {
  const present = memory.buffer.byteLength;
  for (const target of [Math.max(needed, 2 * present), needed]) {
    const pages = Math.ceil((target - present) / PAGE);
    try {
      memory.grow(pages);
      return;
    } catch {
      // the larger wish was refused; the loop asks for just what is needed
    }
  }
  inUse -= bytes;
  throw new GradbookError(
    `memory: no room for ${bytes} more bytes: tensors hold ${inUse} of at most ${PAGE * PAGE} bytes. ` +
      'A loop written by hand keeps the graph of every step alive: call loss.clear() at the end of a step, ' +
      'or compute the step inside valueAndGradient(…) or train(…)',
  );
}
