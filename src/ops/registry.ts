import type { AnyOp } from '../autodiff/op.js';
import * as ops from './index.js';

/** Every op of the library, in order of name. */
export const registry: readonly AnyOp[] = Object.values(
  ops as unknown as Readonly<Record<string, AnyOp>>,
).sort((a, b) => (a.name < b.name ? -1 : 1));
