/** Shapes on which most binary formulas are stated and checked. */
export const sameShapes = [
  { X: [2, 3], Y: [2, 3] },
  { X: [3, 2], Y: [3, 2] },
  { X: [1, 4], Y: [1, 4] },
] as const;

/** A row that is repeated for every row of a matrix. */
export const rowShapes = [
  { X: [2, 3], Y: [3] },
  { X: [4, 1], Y: [1] },
] as const;

/** Shapes on which unary formulas are stated: two indices. */
export const matrixShapes = [{ X: [2, 3] }, { X: [3, 2] }, { X: [1, 4] }] as const;

/** Shapes on which unary ops are checked. */
export const unarySamples = [
  { shapes: { X: [2, 3] } },
  { shapes: { X: [1, 4] } },
  { shapes: { X: [] } },
  { shapes: { X: [7] } },
  { shapes: { X: [2, 2, 3] } },
] as const;
