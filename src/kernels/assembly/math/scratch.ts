// Space for packed panels, between the module's static data and the heap.

/** Bytes for the packed panels of a matrix product. */
export const PANEL_BYTES: usize = 3 << 20;

// @inline
export function scratchStart(): usize {
  return (__heap_base + 63) & ~(<usize>63);
}

// @inline
export function heapStart(): usize {
  return scratchStart() + PANEL_BYTES;
}
