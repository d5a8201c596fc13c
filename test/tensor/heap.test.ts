import { expect } from 'chai';
import { heapBase } from '../../src/kernels/index.js';
import { random } from '../../src/random/random.js';

const CHUNK = 16;
const fresh = '../../src/tensor/heap.js?fresh'; // an instance of its own, which only counts and never writes

describe('the heap', () => {
  let heap: typeof import('../../src/tensor/heap.js');
  before(async () => {
    heap = (await import(fresh)) as typeof heap;
  });

  it('pads to whole chunks of 16 bytes, at least one', () => {
    expect([0, 1, 16, 17, 4096].map((bytes) => heap.padded(bytes))).to.deep.equal([16, 16, 16, 32, 4096]);
  });

  it('gives out the lowest stretch that fits, as a map of all chunks says, through 4,000 random steps', () => {
    const taken: boolean[] = []; // one entry a chunk
    const live: { address: number; chunks: number }[] = [];
    const draws = random(7).uniforms(8000);
    let inUse = 0;
    for (let k = 0; k < draws.length; k += 2) {
      const growing = Math.floor(k / 1000) % 2 === 0;
      if (live.length === 0 || draws[k]! < (growing ? 0.6 : 0.3)) {
        const chunks = 1 + Math.floor(draws[k + 1]! * 40);
        const first = lowestFit(taken, chunks);
        const address = heap.takeMemory(chunks * CHUNK);
        expect(address).to.equal(heapBase + first * CHUNK);
        taken.fill(true, first, first + chunks);
        for (let c = taken.length; c < first + chunks; c++) taken.push(true);
        live.push({ address, chunks });
        inUse += chunks * CHUNK;
      } else {
        const [gone] = live.splice(Math.floor(draws[k + 1]! * live.length), 1);
        heap.giveMemoryBack(gone!.address, gone!.chunks * CHUNK);
        const first = (gone!.address - heapBase) / CHUNK;
        taken.fill(false, first, first + gone!.chunks);
        inUse -= gone!.chunks * CHUNK;
      }
      expect(heap.memoryUse().inUse).to.equal(inUse);
    }
    for (const { address, chunks } of live) heap.giveMemoryBack(address, chunks * CHUNK);
  });

  it('merges free neighbours: what came back in pieces, in any order, is one stretch again', () => {
    for (const seed of [1, 2, 3]) {
      const pieces = Array.from({ length: 100 }, (_, k) => heap.takeMemory((1 + (k % 5)) * CHUNK));
      const guard = heap.takeMemory(CHUNK);
      for (const k of random(seed).permutation(100)) heap.giveMemoryBack(pieces[k]!, (1 + (k % 5)) * CHUNK);
      const whole = heap.takeMemory(300 * CHUNK);
      expect([whole, guard]).to.deep.equal([heapBase, heapBase + 300 * CHUNK]);
      heap.giveMemoryBack(whole, 300 * CHUNK);
      heap.giveMemoryBack(guard, CHUNK);
    }
    expect(heap.memoryUse().inUse).to.equal(0);
  });
});

/** The first position of so many free entries; everything beyond the end is free. */
function lowestFit(taken: readonly boolean[], chunks: number): number {
  let free = 0;
  for (let k = 0; k < taken.length; k++) {
    free = taken[k] ? 0 : free + 1;
    if (free === chunks) return k - chunks + 1;
  }
  return taken.length - free;
}
