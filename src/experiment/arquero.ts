import { createRequire } from 'node:module';
import type * as Arquero from 'arquero';

/** arquero, loaded when the first table is made: that takes as long as all of this library, and most notebooks make none. */
export function arquero(): typeof Arquero {
  return require('arquero') as typeof Arquero;
}

const require = createRequire(import.meta.url);
