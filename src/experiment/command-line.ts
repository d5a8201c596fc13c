import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { GradbookError, ValueError } from '../tensor/error.js';
import { experiments } from './definitions.js';
import type { Experiment } from './experiment.js';
import { readExperiment } from './read-experiment.js';
import { suggest } from '../tensor/suggest.js';

/** Carries out a command: a mistake of the one who typed it is explained on stderr and gives exit code 2. */
export async function command(name: string, body: () => number | Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof GradbookError)) throw error;
    process.stderr.write(`gradbook ${name}: ${error.message}\n`);
    return 2;
  }
}

type Flags = Readonly<Record<string, { readonly type: 'boolean' | 'string'; readonly multiple?: true }>>;

/** What was given for each flag. */
type Values<Known extends Flags> = {
  readonly [Flag in keyof Known]?: Known[Flag]['type'] extends 'boolean'
    ? boolean
    : Known[Flag] extends { readonly multiple: true }
      ? string[]
      : string;
};

/** The arguments of a command; `--help` is known to all. */
export function parse<const Known extends Flags>(
  args: string[],
  flags: Known,
): { readonly values: Values<Known> & { readonly help?: boolean }; readonly positionals: string[] } {
  try {
    const options = { ...flags, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    return { values: values, positionals };
  } catch (error) {
    throw new ValueError(`${(error as Error).message}; --help lists the options`);
  }
}

/** The experiment of a name, or in a file with JSON. */
export function experimentCalled(name: string): Experiment {
  if (name.endsWith('.json')) return experimentIn(name);
  const known: Readonly<Record<string, Experiment>> = experiments;
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined) return found;
  throw new ValueError(
    `there is no experiment ${JSON.stringify(name)}.${suggest(name, Object.keys(known))} gradbook list names them all`,
  );
}

/** `10`: how many; `3,7` and `11-20`: which. */
export function seedsFrom(written: string): number | number[] {
  if (/^\d+$/.test(written)) return Number(written);
  return written.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new ValueError(
        `--seeds ${written}: write how many (10), which (3,7), or from which to which (11-20)`,
      );
    }
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, k) => Number(first) + k);
  });
}

export function wholeNumber(flag: string, written: string, lowest: number): number {
  const value = Number(written);
  if (/^\d+$/.test(written) && value >= lowest) return value;
  throw new ValueError(
    `${flag} is ${JSON.stringify(written)}, but it must be a whole number, at least ${lowest}`,
  );
}

/** Rows of text in columns as wide as their widest cell; numbers stand to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  const cell = (text: string, k: number) =>
    /^-?[\d.]+$/.test(text) ? text.padStart(widths[k]!) : text.padEnd(widths[k]!);
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
}

function experimentIn(file: string): Experiment {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ValueError(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return readExperiment(JSON.parse(text));
  } catch (error) {
    throw new ValueError(`${file} is no experiment: ${(error as Error).message}`);
  }
}
