import { ValueError } from './error.js';
import { written } from './arguments.js';
import { suggest } from './suggest.js';

/** Every option that there is; to forget one, or to name one too many, does not compile. */
export type OptionNames<Options> = { readonly [Name in keyof Options]-?: true };

/**
 * Refuses options that nothing reads, which the compiler cannot do in untyped code: a mistyped one would be silently left out.
 * @throws ValueError naming the option and the nearest one that there is, or the options when there are none at all.
 */
export function requireOptions<Options extends object>(
  what: string,
  options: Options,
  known: OptionNames<Options>,
): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const found = given === undefined ? 'nothing' : written(given);
    throw new ValueError(
      `${what}: ${found} was given in place of options; give { ${Object.keys(known).join(', ')} }`,
    );
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const names = Object.keys(known);
    const near = suggest(name, names) || ` There ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ')}.`;
    throw new ValueError(`${what}: there is no option "${name}".${near}`);
  }
}
