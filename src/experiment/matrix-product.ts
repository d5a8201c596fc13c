/** Matrices of a product: A is (m, k), B (k, n), C (m, n), and C is not transposed. */
export interface Operands {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Operand;
  readonly b: Operand;
  readonly c: Operand;
  /** Whether the product is added to what C holds. */
  readonly accumulate: boolean;
}

/** Where a matrix lies, in bytes, and how far apart its rows are, in elements; a transposed one lies there as its transpose. */
export interface Operand {
  readonly pointer: number;
  readonly rowStep: number;
  readonly transposed: boolean;
}

/** $C \leftarrow A B$, or $C \leftarrow C + A B$ */
export type MatrixProduct = (operands: Operands) => void;

/** A matrix that lies row by row in memory. */
export function plain(pointer: number, rowStep: number): Operand {
  return { pointer, rowStep, transposed: false };
}

/** A matrix whose transpose lies row by row in memory. */
export function transposed(pointer: number, rowStep: number): Operand {
  return { pointer, rowStep, transposed: true };
}
