// The binary format of WebAssembly (version 1), as far as a function that calls others needs it.

/** A type by its letter: p for an address, i for i32, f for f32, d for f64. */
const valueTypes: Readonly<Record<string, number>> = { p: 0x7f, i: 0x7f, f: 0x7d, d: 0x7c };

/** The instructions of a function body. */
export const code = {
  parameter: (index: number): number[] => [0x20, ...unsigned(index)],
  /** The i32 at some bytes beyond the address on the stack. */
  load: (offset: number): number[] => [0x28, 2, ...unsigned(offset)],
  call: (index: number): number[] => [0x10, ...unsigned(index)],
  constant,
  /** Leaves the function with 0 unless the two numbers on the stack are equal. */
  returnZeroUnlessEqual: [0x47, 0x04, 0x40, 0x41, 0, 0x0f, 0x0b],
};

/** An imported function; its types are letters, with those of the parameters before a colon and that of the result after it. */
export interface ImportedFunction {
  readonly name: string;
  readonly types: string;
}

/** A module that imports a memory, and functions from `kernels`; its one function, `run`, takes addresses and returns an i32. */
export function moduleOf(
  imports: readonly ImportedFunction[],
  parameters: number,
  body: number[],
): Uint8Array {
  const [functionKind, memoryKind, noMaximum, noLocals, end] = [0, 2, 0, 0, 0x0b];
  const run = [noLocals, ...body, end];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [
      ...imports.map(({ types }) => functionType(types)),
      functionType(`${'p'.repeat(parameters)}:i`),
    ]),
    ...section(2, [
      [...text('env'), ...text('memory'), memoryKind, noMaximum, 0],
      ...imports.map(({ name }, k) => [...text('kernels'), ...text(name), functionKind, ...unsigned(k)]),
    ]),
    ...section(3, [unsigned(imports.length)]),
    ...section(7, [[...text('run'), functionKind, ...unsigned(imports.length)]]),
    ...section(10, [[...unsigned(run.length), ...run]]),
  ]);
}

function section(id: number, entries: readonly number[][]): number[] {
  const content = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function functionType(types: string): number[] {
  const list = (letters: string) => [letters.length, ...Array.from(letters, (one) => valueTypes[one]!)];
  return [0x60, ...types.split(':').flatMap(list)];
}

function text(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

function constant(letter: string, value: number): number[] {
  if (letter === 'i' || letter === 'p') return [0x41, ...signed(value | 0)];
  if (letter === 'f') return [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
  return [0x44, ...new Uint8Array(Float64Array.of(value).buffer)];
}

/** LEB128: seven bits a byte, the lowest first. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const isLast = value >= -0x40 && value < 0x40;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
