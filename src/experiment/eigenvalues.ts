import { sqrt } from '../kernels/math.js';
import { internal } from '../tensor/error.js';

const SWEEPS = 30; // Jacobi's method converges quadratically: six or seven sweeps do for fifty rows

/**
 * All eigenvalues of a symmetric matrix in ascending order, by Jacobi rotations (Golub and Van Loan, 8.5).
 * Only the upper triangle is read.
 */
export function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const n = matrix.length;
  const a = matrix.map((_, i) =>
    Float64Array.from({ length: n }, (_, j) => matrix[Math.min(i, j)]![Math.max(i, j)]!),
  );
  const tiny =
    1e-30 *
    Math.max(
      1e-300,
      squaresWhere(a, () => true),
    );
  for (let sweep = 0; squaresWhere(a, (i, j) => i !== j) > tiny; sweep++) {
    if (sweep === SWEEPS)
      internal(`the eigenvalues of a ${n} by ${n} matrix did not settle in ${SWEEPS} sweeps`);
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, p, q);
  }
  return Array.from(Float64Array.from(a, (row, i) => row[i]!).sort());
}

/** Makes the entry (p, q) zero by turning the plane of the axes p and q. */
function rotate(a: readonly Float64Array[], p: number, q: number): void {
  const entry = a[p]![q]!;
  if (entry === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * entry);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + sqrt(theta * theta + 1));
  const cosine = 1 / sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < a.length; k++) {
    const x = a[k]![p]!;
    const y = a[k]![q]!;
    a[k]![p] = cosine * x - sine * y;
    a[k]![q] = sine * x + cosine * y;
  }
  for (let k = 0; k < a.length; k++) {
    const x = a[p]![k]!;
    const y = a[q]![k]!;
    a[p]![k] = cosine * x - sine * y;
    a[q]![k] = sine * x + cosine * y;
  }
}

function squaresWhere(a: readonly Float64Array[], wanted: (i: number, j: number) => boolean): number {
  let total = 0;
  a.forEach((row, i) => row.forEach((entry, j) => (total += wanted(i, j) ? entry * entry : 0)));
  return total;
}
