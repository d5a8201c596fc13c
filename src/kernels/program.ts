import { exportOf, instantiate } from './index.js';
import type { Kernel } from './recording.js';
import { code, type ImportedFunction, moduleOf } from './wasm-module.js';

/** A call of a kernel in a program: a named argument is an address that each run is given anew. */
export interface ProgramCall<Name extends string> {
  readonly kernel: Kernel;
  readonly args: readonly (number | Name)[];
  readonly result: number | undefined;
}

/** Makes the calls of a program in their order until a kernel answers otherwise than its call says; 1 when none does. */
type Run = (addresses: number, ...named: number[]) => number;

export interface Program {
  /** What is to lie in memory, as i32, at the address that is the first argument of `run`; the named addresses follow it. */
  readonly addresses: readonly number[];
  readonly run: Run;
}

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
  const addresses: number[] = [];
  const imports: ImportedFunction[] = [];
  const kernels: Record<string, Kernel> = {};
  const body: number[] = [];
  for (const { kernel, args, result } of calls) {
    const own = exportOf(kernel);
    const [types = '', answer = ''] = own?.types.split(':') ?? [];
    if (own === undefined || /[df]/.test(answer)) return undefined;
    if (kernels[own.name] === undefined) imports.push(own);
    kernels[own.name] = kernel;
    for (let k = 0; k < types.length; k++) {
      const argument = args[k] ?? 0; // those that may be left out are 0
      if (typeof argument === 'string') body.push(...code.parameter(1 + names.indexOf(argument)));
      else if (types[k] === 'p')
        body.push(...code.parameter(0), ...code.load(4 * positionOf(argument, addresses)));
      else body.push(...code.constant(types[k]!, argument));
    }
    body.push(...code.call(imports.findIndex(({ name }) => name === own.name)));
    if (result !== undefined) body.push(...code.constant('i', result), ...code.returnZeroUnlessEqual);
  }
  body.push(...code.constant('i', 1));
  const bytes = moduleOf(imports, 1 + names.length, body);
  const key = String(bytes);
  const run = compiled.get(key) ?? (instantiate(bytes, kernels) as { run: Run }).run;
  compiled.set(key, run);
  return { addresses, run };
}

/** Where a number stands in a list, to which it is added if it does not. */
function positionOf(value: number, list: number[]): number {
  const found = list.indexOf(value);
  return found >= 0 ? found : list.push(value) - 1;
}
