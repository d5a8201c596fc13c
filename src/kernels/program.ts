import { exportOf, instantiate } from './index.js';
import type { Kernel } from './recording.js';
import { code, type ImportedFunction, moduleOf } from './wasm-module.js';

/** A call of a kernel in a program: a named argument is an address that each run is given anew. */
export interface ProgramCall<Name extends string> {
  readonly kernel: Kernel;
  readonly args: readonly (number | Name)[];
  readonly result: number | undefined;
}

/**
 * Makes the calls of a program in their order and returns 1; or 0 as soon as a kernel answers otherwise than its call says.
 */
type Run = (addresses: number, ...named: number[]) => number;

export interface Program {
  /** What is to lie in memory, as i32, at the address that is the first argument of `run`; the named addresses follow it. */
  readonly addresses: readonly number[];
  readonly run: Run;
}

const MOST_KEPT = 64; // functions; each holds some ten kilobytes
const compiled = new Map<string, Run>();

/**
 * One WebAssembly function that makes the calls, so that no JavaScript runs between kernels. Addresses are read from memory, so
 * that programs which differ in nothing else share the function. There is none when a kernel is not our WebAssembly, or answers
 * with a fraction.
 */
export function programOf<Name extends string>(
  calls: readonly ProgramCall<Name>[],
  names: readonly Name[],
): Program | undefined {
  const addresses = new Map<number, number>();
  const imports = new Map<string, ImportedFunction & { readonly kernel: Kernel; readonly index: number }>();
  const body: number[] = [];
  for (const { kernel, args, result } of calls) {
    const own = exportOf(kernel);
    const [types = '', answer = ''] = own?.types.split(':') ?? [];
    if (own === undefined || /[df]/.test(answer)) return undefined;
    const imported = imports.get(own.name) ?? { ...own, kernel, index: imports.size };
    imports.set(own.name, imported);
    for (let k = 0; k < types.length; k++) {
      const argument = args[k] ?? 0; // what may be left out is an address or a count, and then 0
      if (typeof argument === 'string') body.push(...code.parameter(1 + names.indexOf(argument)));
      else if (types[k] !== 'p') body.push(...code.constant(types[k]!, argument));
      else {
        const place = addresses.get(argument) ?? addresses.size;
        addresses.set(argument, place);
        body.push(...code.parameter(0), ...code.load(4 * place));
      }
    }
    body.push(...code.call(imported.index));
    if (result !== undefined) body.push(...code.constant('i', result), ...code.returnZeroUnlessEqual);
  }
  body.push(...code.constant('i', 1));
  const kernels = Object.fromEntries([...imports].map(([name, { kernel }]) => [name, kernel]));
  const run = functionOf(moduleOf([...imports.values()], 1 + names.length, body), kernels);
  return { addresses: [...addresses.keys()], run };
}

/** The function of a module, compiled unless it was lately. */
function functionOf(bytes: Uint8Array, kernels: Readonly<Record<string, Kernel>>): Run {
  const key = String(bytes);
  const run = compiled.get(key) ?? (instantiate(bytes, kernels) as { run: Run }).run;
  compiled.delete(key);
  compiled.set(key, run); // the latest is the last one
  if (compiled.size > MOST_KEPT) compiled.delete([...compiled.keys()][0]!);
  return run;
}
