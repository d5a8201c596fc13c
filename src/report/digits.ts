import type { Node, Parent } from 'mdast';
import { placeOfNode } from './markdown-parser.js';
import type { Problems } from './problem.js';

/**
 * Adds a problem for every number in prose that nobody vouches for: numbers come from claims, and only code, math, labels,
 * citations, dates and the declared constants may hold others. A formula that is nothing but a number is prose, and so are
 * in any formula the numbers that look measured: decimals, percentages, multiples of a power of ten and integers above ten that
 * are no exponent, index or side of a shape. Numbers in words are found where they count something that is measured: "nine of ten", "five seconds".
 */
export function checkDigits(root: Node, constants: readonly string[], problems: Problems): void {
  const allowed = [...new Set(constants)].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const exempt = new RegExp([...allowed.map(standingAlone), ...dates, ...bound].join('|'), 'gu');
  walk(root, (value, node) => {
    const prose = isFormula(node) ? numbersIn(value, constants) : value;
    const left = prose.replace(exempt, (match) => match.replace(/[^\n]/g, ' '));
    for (const { 0: number, index } of [...left.matchAll(digits), ...left.matchAll(words)]) {
      const place = placeOfNode(node);
      const line =
        place.line === undefined ? undefined : place.line + (left.slice(0, index).match(/\n/g) ?? []).length;
      problems.add(
        { ...place, line },
        `"${number.replace(/[.,·-]+$/, '')}" is typed by hand: bind it to a claim, as in {{name|fixed:2}}, or declare it among the constants at the head.`,
      );
    }
  });
}

const digits = /[\p{L}\d.,%×·/-]*\p{N}[\p{L}\p{N}.,%×·/-]*/gu;

const ones =
  'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen';
const tens = '(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)';
const word = `(?:${tens}(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|${ones}|hundred|thousand)`;
const unit =
  'per ?cent|(?:micro|milli)?seconds?|minutes|hours|seeds|epochs|times (?:as|more|less|faster|slower|larger|smaller|better|worse)';
const words = new RegExp(`\\b${word}\\s+(?:(?:${unit})\\b|(?:out )?of (?:the |all )?${word}\\b)`, 'giu');

const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const dates = [`\\b\\d{4}-\\d{2}-\\d{2}\\b`, `\\b(?:\\d{1,2} )?(?:${months}) \\d{4}\\b`];
/** Claims and references, which have digits only in their names. */
const bound = ['\\{\\{[^{}]*\\}\\}', '\\[@[^\\]]*\\]', '\\{[#.][^{}]*\\}'];

const space = String.raw`(?:\s|~|\\[,;:! ])*`;
const factor = String.raw`(?:\d+|[a-zA-Z])`;
const relation = String.raw`[=<>≈≤≥∼]|\\(?:approx|sim|simeq|leq?|geq?|lt|gt|neq?|equiv)(?![a-zA-Z])`;
/** The shape of an array: integers and letters with a sign of times between them, which equals nothing and is part of nothing longer. */
const shape = new RegExp(
  String.raw`(?<!(?:${relation}|[\w.,+−*/-]|\\(?:times|cdot))${space})` +
    String.raw`${factor}(?:${space}\\times${space}${factor})+` +
    String.raw`(?!${space}(?:${relation}|\w|[.,]\d|\\?%|\\times|\\cdot))`,
  'g',
);

/**
 * The number that a formula is, or the numbers in it that look measured; none when the formula is declared as such: `$16$`
 * among the constants lets 16 pass in formulas, and not in prose.
 */
function numbersIn(latex: string, constants: readonly string[]): string {
  if (constants.some((constant) => onOneLine(constant) === `$${onOneLine(latex)}$`)) return '';
  const lone = loneNumber(latex);
  if (lone !== '') return lone;
  const plain = latex
    .replace(/\{\{[^{}]*\}\}/g, ' ')
    .replace(/(?<=\d\s*)\\(?:times|cdot)\s*10\s*\^/g, '·^')
    .replace(/[\^_]\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w)/g, ' ')
    .replace(/\{,\}/g, ',')
    .replace(/\\[dt]?frac\s*\d\s*\d/g, ' ')
    .replace(shape, ' ');
  const numbers = [...plain.matchAll(/\d+(?:[.,]\d+)*/g)].filter(({ 0: number, index }) => {
    const scaled = /^(?:\\[,;:! ]|[~\s])*(?:\\?%|·)/.test(plain.slice(index + number.length));
    const measured = number.includes('.') || scaled || Number(number.replaceAll(',', '')) > 10;
    return measured && !constants.includes(`$${number}$`);
  });
  return numbers.map(([number]) => number).join(' ');
}

/** The number that a formula is, with a sign, a relation, a power of ten or a unit or without; empty for any other formula. */
function loneNumber(latex: string): string {
  const plain = latex
    .replace(/\\(?:text|mathrm|mathit|mathbf|mathsf|operatorname)\s*\{([^{}]*)\}/g, (_, word: string) =>
      word.replace(/\p{L}/gu, ''),
    )
    .replace(
      /\\(?:approx|sim|simeq|pm|mp|leq?|geq?|lt|gt|quad|qquad|displaystyle)(?![a-zA-Z])|\\[,;:!> ]/g,
      '',
    )
    .replace(/\\%/g, '%')
    .replace(/\\(?:times|cdot)\s*/g, '·')
    .replace(/[\s~{}$=<>≈±+]/g, '');
  return /^[−-]?\d[\d.,]*(?:\^[−-]?\d+)?%?(?:·10(?:\^[−-]?\d+)?)?%?$/.test(plain)
    ? plain.replace(/\^.*/, '')
    : '';
}

function onOneLine(latex: string): string {
  return latex.trim().replace(/\s+/g, ' ');
}

function isFormula(node: Node): boolean {
  return node.type === 'inlineMath' || node.type === 'math';
}

function standingAlone(word: string): string {
  return `(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/ /g, '\\s+'); // a line may break there
}

function walk(node: Node, visit: (text: string, node: Node) => void): void {
  if (node.type === 'text' || isFormula(node)) visit((node as Node & { value: string }).value, node);
  if (node.type === 'image') visit((node as Node & { alt?: string }).alt ?? '', node);
  for (const child of ((node as Parent).children as Node[] | undefined) ?? []) walk(child, visit);
}
