import type { Operation, Relation } from './ast.js';

const macros = (names: string): string[] => names.split(' ').map((name) => `\\${name}`);

/** Words that mean the same as others, which stand in their place once a formula is split into tokens. */
export const synonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\\neq': '\\ne',
    '\\leq': '\\le',
    '\\geq': '\\ge',
    '\\wedge': '\\land',
    '\\ln': '\\log',
    '\\operatorname{ln}': '\\log',
    '\\operatorname{sigmoid}': '\\sigma',
    '\\tfrac': '\\frac',
    '\\dfrac': '\\frac',
    '\\mathbb{1}': '\\mathbf{1}',
    '\\arg\\max': '\\argmax',
    '\\arg\\min': '\\argmin',
    '\\qquad': '\\quad',
    '\\implies': '\\Rightarrow',
    '\\Longrightarrow': '\\Rightarrow',
  }),
);

/** Names of one macro. */
const greek: ReadonlySet<string> = new Set(
  macros(
    'alpha beta gamma epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon ' +
      'phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell',
  ),
);

/** Macros that make a name of the letters after them: a pattern. */
export const accents = String.raw`\\(?:hat|bar|tilde|boldsymbol|mathbf|mathrm|mathcal|mathbb)`;
const accented = new RegExp(`^${accents}\\{(.+)\\}$`);

/** Whether a name begins with this word: a letter, a Greek one, or an accented one such as `\hat{x}`. */
export function isName(value: string): boolean {
  const letters = accented.exec(value)?.[1];
  if (letters !== undefined) return /^[a-zA-Z]+$/.test(letters) || greek.has(letters);
  return /^[a-zA-Z]$/.test(value) || greek.has(value);
}

/** Functions with a macro of their own. */
export const functionMacros: ReadonlySet<string> = new Set(macros('exp log tanh sqrt max min'));

/** Functions written as `\operatorname{…}`. */
export const functionWords: readonly string[] = ['relu', 'diag', 'onehot'];

const operations = new Set(macros('sum prod max min argmax argmin'));
const relations = new Set<string>(['=', '\\ne', '<', '\\le', '>', '\\ge'] satisfies Relation[]);

/** Whether this is a sum or its kin. */
export function isOperation(value: string): value is `\\${Operation}` {
  return operations.has(value);
}

export function isRelation(value: string): value is Relation {
  return relations.has(value);
}

/** What stands between two statements. */
export const separators: readonly string[] = [',', ';', '\\quad', '\\Rightarrow'];

/** Opening brackets with those that close them. */
export const brackets: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '(': ')',
    '[': ']',
    '\\{': '\\}',
    '\\left(': '\\right)',
    '\\left[': '\\right]',
    '\\left\\{': '\\right\\}',
  }),
);

/** Words after which a factor is at its end. */
export const stops: ReadonlySet<string> = new Set([
  ...[...relations, ...separators, ...brackets.values()],
  ...macros('odot oslash cdot times in land top nabla'),
]);

const starts = macros('frac partial delta operatorname');

/** Whether a macro is part of the language at all. */
export function isKnown(macro: string): boolean {
  const known = [greek, functionMacros, operations, stops].some((group) => group.has(macro));
  return known || starts.includes(macro) || new RegExp(`^${accents}$`).test(macro);
}
