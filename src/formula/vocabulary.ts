import type { Operation, Relation } from './ast.js';

const macros = (names: string): string[] => names.split(' ').map((name) => `\\${name}`);

/** Macros that mean the same as others, which stand in their place once a formula is split into tokens. */
export const synonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\\neq': '\\ne',
    '\\leq': '\\le',
    '\\geq': '\\ge',
    '\\wedge': '\\land',
    '\\ln': '\\log',
    '\\tfrac': '\\frac',
    '\\dfrac': '\\frac',
    '\\operatorname*': '\\operatorname',
    '\\qquad': '\\quad',
    '\\implies': '\\Rightarrow',
    '\\Longrightarrow': '\\Rightarrow',
  }),
);

/** Names of one macro. */
export const greek: ReadonlySet<string> = new Set(
  macros(
    'alpha beta gamma epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon ' +
      'phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell',
  ),
);

/** Macros that make a name of the letter after them. */
export const accents: ReadonlySet<string> = new Set(macros('hat bar tilde mathbf boldsymbol mathrm mathcal'));

/** Functions with a macro of their own. */
export const functionMacros: ReadonlySet<string> = new Set(macros('exp log tanh sqrt max min'));

/** Functions written as `\operatorname{…}`. */
export const functionWords: ReadonlySet<string> = new Set(['relu', 'diag', 'onehot']);

const operations = new Set<string>(['sum', 'prod', 'max', 'min', 'argmax', 'argmin'] satisfies Operation[]);
const relations = new Set<string>(['=', '\\ne', '<', '\\le', '>', '\\ge'] satisfies Relation[]);

export function isOperation(word: string): word is Operation {
  return operations.has(word);
}

export function isRelation(value: string): value is Relation {
  return relations.has(value);
}

/** What stands between two statements. */
export const separators: ReadonlySet<string> = new Set([',', ';', '\\quad', '\\Rightarrow']);

/** Opening brackets with those that close them. */
export const brackets: ReadonlyMap<string, string> = new Map(
  Object.entries({ '(': ')', '[': ']', '\\{': '\\}' }).flatMap(([open, close]) => [
    [open, close],
    [`\\left${open}`, `\\right${close}`],
  ]),
);

/** Macros and signs after which a factor is at its end. */
export const stops: ReadonlySet<string> = new Set([
  ...[...relations, ...separators, ...brackets.values()],
  ...macros('odot oslash cdot times in land top nabla prime limits'),
]);

const starts = macros('argmax argmin arg operatorname sum prod frac partial delta mathbb');

/** Whether a macro is part of the language at all. */
export function isKnown(macro: string): boolean {
  const groups = [greek, accents, functionMacros, stops, brackets];
  return groups.some((group) => group.has(macro)) || starts.includes(macro);
}
