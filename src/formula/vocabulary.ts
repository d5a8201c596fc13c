import type { Operation, Relation } from './ast.js';

const macros = (names: string): string[] => names.split(' ').map((name) => `\\${name}`);

/** A table of words, in pairs with two spaces between them. */
export function pairsIn(text: string): ReadonlyMap<string, string> {
  const pairs = text.trim().split(/\s{2,}/);
  return new Map(pairs.map((pair) => /^(\S+) (.*)$/.exec(pair)!.slice(1) as [string, string]));
}

/** Words that mean the same as others, which stand in their place once a formula is split into tokens. */
export const synonyms = pairsIn(String.raw`
  \neq \ne  \leq \le  \geq \ge  \wedge \land  \tfrac \frac  \dfrac \frac  \ln \log  \operatorname{ln} \log
  \mathbb{1} \mathbf{1}  \arg\max \argmax  \arg\min \argmin  \qquad \quad
  \implies \Rightarrow  \Longrightarrow \Rightarrow
`);

/** Opening brackets with those that close them. */
export const brackets = pairsIn(
  String.raw`( )  [ ]  \{ \}  \left( \right)  \left[ \right]  \left\{ \right\}`,
);

/** Names of one macro. */
const greek: ReadonlySet<string> = new Set(
  macros(
    'alpha beta gamma epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon ' +
      'phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell',
  ),
);

/** Macros that make a name of the letters after them. */
export const accents = macros('hat bar tilde boldsymbol mathbf mathrm mathcal mathbb');

/** Whether a name begins with this word: a letter, a Greek one, or an accented one such as `\hat{x}`. */
export function isName(value: string): boolean {
  const [, accent, letters] = /^(\\[a-z]+)\{(.+)\}$/.exec(value) ?? [];
  if (!letters) return /^[a-zA-Z]$/.test(value) || greek.has(value);
  return accents.includes(accent!) && (/^[a-zA-Z]+$/.test(letters) || greek.has(letters));
}

/** Functions with a macro of their own. */
export const functionMacros: ReadonlySet<string> = new Set(macros('exp log tanh sqrt max min'));

/** Functions written as `\operatorname{…}`. */
export const functionWords: readonly string[] = ['sigmoid', 'relu', 'diag', 'onehot'];

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

/** Words after which a factor is at its end. */
export const stops: ReadonlySet<string> = new Set([
  ...[...relations, ...separators, ...brackets.values()],
  ...macros('odot oslash cdot times in land top nabla'),
]);

const known = new Set([
  ...[...greek, ...accents, ...functionMacros, ...operations, ...stops],
  ...macros('frac partial delta operatorname'),
]);

/** Whether a macro is part of the language at all. */
export function isKnown(macro: string): boolean {
  return known.has(macro);
}
