import { tfjsVariant } from './tfjs.mjs';

export const variant = tfjsVariant('cpu');
