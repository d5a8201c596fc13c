import { plain } from '../formula/arithmetic.js';
import type { CallNode, Condition, Expression, NameNode, ReduceNode, Relation } from '../formula/ast.js';
import { FormulaError } from '../formula/error.js';
import { extent, isIndex } from '../formula/extents.js';
import { Compiler, type Frame, type Scope } from '../formula/index-notation.js';
import type { Interpretation } from '../formula/interpretation.js';

/** A formula at one place, in plain text: with the names that stand there, and with their numbers. */
export interface WrittenOut {
  /** `a₁₁ · b₁₁ + a₁₂ · b₂₁` */
  readonly names: string;
  /** `1 · 2 + 3 · 4` */
  readonly numbers: string;
}

/** How the parts of a formula are called and written. */
export interface Wording {
  /** The text for an entry of a name; `flat` is its place in row-major order, counted from 0. */
  readonly entry: (name: string, flat: number) => string;
  readonly number: (value: number) => string;
}

const MOST_TERMS = 4; // of a sum that is written out

/**
 * Writes a formula in index notation out at one place, sums term by term.
 * @returns undefined for what has no short plain text: long sums, matrix notation, derivatives.
 */
export function writtenOut(
  side: Expression,
  meaning: Interpretation,
  place: Readonly<Record<string, number>>,
  wording: Wording,
): WrittenOut | undefined {
  const letters = Object.keys(place);
  const scope: Scope = new Map(letters.map((letter, slot) => [letter, { slot }]));
  const writer = (withNumbers: boolean) => new Writer(meaning, wording, withNumbers);
  const frame = Object.values(place);
  try {
    return {
      names: writer(false).write(side, scope, frame).text,
      numbers: writer(true).write(side, scope, frame).text,
    };
  } catch (error) {
    if (error instanceof NoPlainText || error instanceof FormulaError) return undefined;
    throw error;
  }
}

class NoPlainText extends Error {}

/** How tightly a text holds together; whoever needs it tighter puts brackets around it. */
const enum Tightness {
  Sum,
  Product,
  Factor,
}

interface Text {
  readonly text: string;
  readonly tightness: Tightness;
}

const relations: Readonly<Record<Relation, string>> = {
  '=': '=',
  '\\ne': '≠',
  '<': '<',
  '\\le': '≤',
  '>': '>',
  '\\ge': '≥',
};

const functions: Readonly<Record<string, string>> = { sigma: 'σ', sqrt: '√' };

class Writer {
  constructor(
    readonly meaning: Interpretation,
    readonly wording: Wording,
    readonly withNumbers: boolean,
  ) {}

  write(node: Expression, scope: Scope, frame: Frame): Text {
    const inner = (part: Expression): Text => this.write(part, scope, frame);
    switch (node.kind) {
      case 'number':
        return this.number(node.value);
      case 'name':
        return this.name(node, scope, frame);
      case 'negate':
        return { text: `−${within(inner(node.operand), Tightness.Product)}`, tightness: Tightness.Sum };
      case 'add':
        return sumOf(node.terms.map(inner));
      case 'product':
        return product(node.factors.map(inner));
      case 'quotient': {
        const [top, bottom] = [inner(node.numerator), inner(node.denominator)];
        const text = `${within(top, Tightness.Product)} / ${within(bottom, Tightness.Factor)}`;
        return { text, tightness: Tightness.Product };
      }
      case 'power':
        return this.power(inner(node.base), inner(node.exponent));
      case 'call':
        return this.call(node, inner);
      case 'reduce':
        return this.reduction(node, scope, frame);
      case 'indicator': {
        const text = `[${node.conditions.map((one) => this.condition(one, scope, frame)).join(', ')}]`;
        return { text, tightness: Tightness.Factor };
      }
      default:
        throw new NoPlainText(node.kind);
    }
  }

  private number(value: number): Text {
    const text = this.wording.number(value);
    return { text, tightness: value < 0 ? Tightness.Sum : Tightness.Factor };
  }

  private name(node: NameNode, scope: Scope, frame: Frame): Text {
    const slot = node.indices.length === 0 ? scope.get(node.name)?.slot : undefined;
    if (slot !== undefined) return this.number(frame[slot]!);
    const shape = this.meaning.shape(node);
    const compiler = new Compiler(this.meaning, plain);
    const position = node.indices.map((index) => compiler.index(index, scope)(frame));
    if (position.some((at, axis) => at < 1 || at > shape[axis]!)) throw new NoPlainText('outside');
    const flat = position.reduce((sum, at, axis) => sum * shape[axis]! + at - 1, 0);
    if (this.withNumbers) return this.number(this.meaning.values(node)[flat]!);
    return { text: this.wording.entry(node.name, flat), tightness: Tightness.Factor };
  }

  private power(base: Text, exponent: Text): Text {
    const raised = { '2': '²', '3': '³' }[exponent.text];
    const text = `${within(base, Tightness.Factor)}${raised ?? `^${within(exponent, Tightness.Factor)}`}`;
    return { text, tightness: Tightness.Factor };
  }

  private call({ name, derivative, operands }: CallNode, inner: (part: Expression) => Text): Text {
    const called = `${functions[name] ?? name}${derivative ? '′' : ''}`;
    const text = `${called}(${operands.map((operand) => inner(operand).text).join(', ')})`;
    return { text, tightness: Tightness.Factor };
  }

  /** A relation: between indices when one of its sides is an index, so that a label counts from 1 like them. */
  private condition({ operands, relations: between }: Condition, scope: Scope, frame: Frame): string {
    const asIndices = this.withNumbers && operands.some((operand) => isIndex(operand, scope));
    const compiler = new Compiler(this.meaning, plain);
    const texts = operands.map((operand) =>
      asIndices
        ? this.wording.number(compiler.index(operand, scope)(frame))
        : this.write(operand, scope, frame).text,
    );
    return texts.map((text, k) => (k === 0 ? '' : ` ${relations[between[k - 1]!]} `) + text).join('');
  }

  private reduction(node: ReduceNode, scope: Scope, frame: Frame): Text {
    const { operation, indices, range, conditions, body } = node;
    if (range !== undefined || conditions.length > 0) throw new NoPlainText('a range');
    const sizes = indices.map((index) => extent(index, [body], this.meaning) ?? Infinity);
    const inside = new Map(scope);
    indices.forEach((index, k) => inside.set(index, { slot: scope.size + k }));
    const terms = places(sizes).map((at) => this.write(body, inside, [...frame.slice(0, scope.size), ...at]));
    if (operation === 'sum') return sumOf(terms);
    if (operation === 'prod') return product(terms);
    return {
      text: `${operation}(${terms.map(({ text }) => text).join(', ')})`,
      tightness: Tightness.Factor,
    };
  }
}

/** All values of several indices that run from 1. */
function places(sizes: readonly number[]): number[][] {
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count > MOST_TERMS) throw new NoPlainText('a long sum');
  return sizes.reduce<number[][]>(
    (before, size) => before.flatMap((at) => Array.from({ length: size }, (_, k) => [...at, k + 1])),
    [[]],
  );
}

function within({ text, tightness }: Text, needed: Tightness): string {
  return tightness < needed ? `(${text})` : text;
}

function sumOf(terms: readonly Text[]): Text {
  if (terms.length === 1) return terms[0]!;
  const text = terms
    .map((term, k) => {
      if (k === 0) return term.text;
      return term.text.startsWith('−') ? ` − ${term.text.slice(1)}` : ` + ${term.text}`;
    })
    .join('');
  return { text, tightness: Tightness.Sum };
}

function product(factors: readonly Text[]): Text {
  const text = factors.map((factor) => within(factor, Tightness.Product)).join(' · ');
  return { text, tightness: Tightness.Product };
}
