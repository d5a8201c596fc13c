/** An error that the reader can mend: its message names the thing, the facts that collide, and what to do. */
export class GradbookError extends Error {
  override readonly name: string = 'GradbookError';
}

/** Shapes, sizes or axes that do not fit together. */
export class ShapeError extends GradbookError {
  override readonly name = 'ShapeError';
}

/** A value outside what an operation accepts: a wrong dtype, a label out of range, a rate that is not positive. */
export class ValueError extends GradbookError {
  override readonly name = 'ValueError';
}

/** A tensor whose memory has been given back. */
export class ReleasedError extends GradbookError {
  override readonly name = 'ReleasedError';
}

/** Throws an error that is our own fault. */
export function internal(message: string): never {
  throw new Error(`internal: ${message}`);
}
