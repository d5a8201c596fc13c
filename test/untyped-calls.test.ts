import { expect } from 'chai';
import * as gradbook from '../src/index.js';
import { GradbookError } from '../src/index.js';

/** What an author may pass by mistake, where the compiler does not look. */
const mistakes: readonly (readonly unknown[])[] = [
  [],
  [undefined, undefined, undefined],
  [null, null, null],
  [NaN, NaN, NaN],
  [-1, -1, -1],
  ['x', 'x', 'x'],
  [{}, {}, {}],
  [[], [], []],
  [[null], [null], [null]],
];

/** Made by the library, not by authors, or without arguments that could be wrong. */
const left: readonly string[] = [
  'Derivation',
  'FormulaClaim',
  'FormulaError',
  'GradientCheck',
  'OpNode',
  'Random',
  'Tensor',
  'CheckedChains',
  'enableBlas',
];

const {
  add,
  bands,
  bars,
  cifar10,
  classAccuracies,
  crossEntropy,
  dataTable,
  dots,
  figure,
  forwardFormula,
  gradientNorms,
  graph,
  historyTable,
  lossAndAccuracy,
  mnist,
  stepLines,
  tensor,
} = gradbook as unknown as Readonly<Record<string, Call>>;
const bar = { label: 'a', value: 1 };
const node = { id: 'a', kind: 'tensor', label: 'A' };
const noEpoch = { name: 'a', runs: [{ name: 'a', history: [] }] };
const noRow = { name: 'a', history: [null] };

/** Calls that must be refused, and what the message must say. */
const refused: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
  'bands of a run without an epoch': [() => bands!([noEpoch]), 'every variant needs a run with an epoch'],
  'bands of an epoch that is none': [() => bands!([{ name: 'a', runs: [noRow] }]), 'history[0] is null'],
  'gradient norms of a run without an epoch': [() => gradientNorms!([noEpoch]), 'gradientNorms: '],
  'a run whose epoch is none': [() => lossAndAccuracy!([noRow]), 'history[0] is null'],
  'the history of a run whose epoch is none': [() => historyTable!([noRow]), 'history[0] is null'],
  'a figure of a table that is none': [
    () => figure!({ spec: {}, table: {}, alt: 'x' }),
    'a table of arquero',
  ],
  'a table of a table that is none': [() => dataTable!({ columnNames: 1 }), 'a table of arquero'],
  'shapes that are null': [() => forwardFormula!('S = X', [null]), 'shapes[0] is null'],
  'a shape that is a text': [() => forwardFormula!('S = X', { X: 'x' }), 'shapes.X is the text'],
  'functions that are null': [() => forwardFormula!('S = f(X)', { X: [2] }, null), 'functions is null'],
  'a function without its derivative': [
    () => forwardFormula!('S = f(X)', { X: [2] }, { f: { value: Math.abs } }),
    'functions.f is { value } without derivative',
  ],
  'bigints as numbers': [() => tensor!(new BigInt64Array(1)), 'values is a BigInt64Array'],
  'bigints as an operand': [() => add!(new BigInt64Array(1), 1), 'values is a BigInt64Array'],
  'bigints as labels': [() => crossEntropy!([[1, 2]], new BigInt64Array(1)), 'labels is a BigInt64Array'],
  'a view that says nothing of numbers': [
    () => tensor!(new DataView(new ArrayBuffer(8))),
    'values is a DataView',
  ],
  'a ragged confusion matrix': [() => classAccuracies!('a', [[[1, 0], [1]]]), 'as many columns as rows'],
  'confusion matrices of different sizes': [() => classAccuracies!('a', [[[1, 0], [0, 1]], [[1]]]), 'one size'], // prettier-ignore
  'bars that measure nothing': [() => bars!([bar], {}), 'measure is missing'],
  'bars with a reference that is none': [
    () => bars!([bar], { measure: 'x', reference: {} }),
    'reference is {}',
  ],
  'dots that measure nothing': [() => dots!([{ label: 'a', values: [1] }], {}), 'measure is missing'],
  'dots with a format that is none': [
    () => dots!([{ label: 'a', values: [1] }], { measure: 'x', format: 1, levels: [1] }),
    'format is 1',
  ],
  'an edge with one end': [() => graph!({ nodes: [node], edges: [['a']] }), 'edges[0] is ["a"]'],
  'a node of no kind': [() => graph!({ nodes: [{ ...node, kind: 'x' }], edges: [] }), 'nodes[0].kind is'],
  'lines of a node that are none': [
    () => graph!({ nodes: [{ ...node, lines: 1 }], edges: [] }),
    'nodes[0].lines is 1',
  ],
  'no panel': [() => stepLines!([]), 'there is no panel to draw'],
  'a point that is none': [() => stepLines!([{ title: 'a', series: [{ name: 'a', points: [null] }] }]), 'points[0] is null'], // prettier-ignore
  'a folder that is a number': [() => mnist!({ folder: 1 }), 'folder is 1'],
  'a source that is none': [() => cifar10!({ source: {} }), 'source is {}'],
};

type Call = (...given: readonly unknown[]) => unknown;

/** Functions and classes of the public face. */
const calls = Object.entries(gradbook).flatMap(([name, value]): [string, Call][] => {
  if (typeof value !== 'function' || left.includes(name) || value.prototype instanceof Error) return [];
  const isClass = /^class\b/.test(Function.prototype.toString.call(value));
  const made = value as unknown as new (...given: readonly unknown[]) => unknown;
  return [[name, isClass ? (...given) => new made(...given) : (value as Call)]];
});

describe('functions that untyped code calls with something else', () => {
  for (const [name, call] of calls) {
    it(`${name} gives a result or says what is wrong with what it was given`, async () => {
      for (const given of mistakes) {
        const error = await failureOf(() => call(...given));
        if (error === undefined) continue;
        expect(
          error,
          `${name}(${given.map(String).join(', ')}): ${(error as Error).message}`,
        ).to.be.instanceOf(GradbookError);
      }
    });
  }
});

describe('calls of untyped code that must be refused', () => {
  for (const [what, [call, message]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const error = await failureOf(call);
      expect(error).to.be.instanceOf(GradbookError);
      expect((error as Error).message).to.include(message);
    });
  }
});

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error;
  }
}
