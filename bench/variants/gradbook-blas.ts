import { enableBlas } from '../../dist/experiment/openblas.js';
import type { Variant } from '../variant.js';
import { variant as gradbook } from './gradbook.js';

await enableBlas();

/** Our own library with OpenBLAS for large matrix products. */
export const variant: Variant = { step: gradbook.step!, product: gradbook.product! };
