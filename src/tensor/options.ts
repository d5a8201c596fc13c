import { ValueError } from './error.js';
import { suggest } from './suggest.js';

/**
 * Refuses options that nothing reads, which the compiler cannot do in untyped code: a mistyped one would be silently left out.
 * @throws ValueError naming the option and the nearest one that there is.
 */
export function requireOptions(what: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = suggest(name, known) || ` There ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ')}.`;
    throw new ValueError(`${what}: there is no option "${name}".${near}`);
  }
}
