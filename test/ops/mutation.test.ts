import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { checkGradient } from '../../src/autodiff/check-gradient.js';
import type { AnyOp, AnyRecord } from '../../src/autodiff/op.js';
import { callOn, drawInputs } from '../../src/autodiff/samples.js';
import * as autodiffBackwardModule from '../../src/autodiff/backward.js';
import * as autodiffDefineOpModule from '../../src/autodiff/define-op.js';
import * as kernelsIndexModule from '../../src/kernels/index.js';
import * as tensorCreationModule from '../../src/tensor/creation.js';
import * as tensorDtypeModule from '../../src/tensor/dtype.js';
import * as tensorErrorModule from '../../src/tensor/error.js';
import * as tensorShapeModule from '../../src/tensor/shape.js';
import * as tensorStridedModule from '../../src/tensor/strided.js';
import * as tensorTensorModule from '../../src/tensor/tensor.js';
import * as activationModule from '../../src/ops/activation.js';
import * as arithmeticModule from '../../src/ops/arithmetic.js';
import * as broadcastModule from '../../src/ops/broadcast.js';
import * as checkShapesModule from '../../src/ops/check-shapes.js';
import * as functionsModule from '../../src/ops/functions.js';
import * as labelsModule from '../../src/ops/labels.js';
import * as layoutModule from '../../src/ops/layout.js';
import * as lossModule from '../../src/ops/loss.js';
import * as matmulModule from '../../src/ops/matmul.js';
import * as reduceModule from '../../src/ops/reduce.js';
import * as selectModule from '../../src/ops/select.js';
import * as softmaxModule from '../../src/ops/softmax.js';
import * as unfoldModule from '../../src/ops/unfold.js';
import * as windowModule from '../../src/ops/window.js';
import * as randomModule from '../../src/random/random.js';
import { registry } from '../../src/ops/registry.js';
import { random } from '../../src/random/random.js';
import { type Mutant, mutantsOf } from './mutants.js';

/** Mutants that compute the same gradients as the rule, each with the reason. */
const equivalent: readonly { readonly matches: RegExp; readonly why: string }[] = [
  { matches: /^\w+ \w+: inputs swapped multiply\(/, why: 'multiplication commutes' },
  {
    matches: /^\w+ \w+: inputs swapped \w*(?:[kK]ernel\w*(?:\(\w+\))?)\.softmaxBackward/,
    why: 'none: must be caught',
  },
].filter(({ why }) => !why.startsWith('none'));

/** What op files import, by the path they use; a mutated `add` must not become the addition of gradients. */
const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '../autodiff/backward.js': { ...autodiffBackwardModule, registerAddition: () => undefined },
  '../autodiff/define-op.js': autodiffDefineOpModule,
  '../kernels/index.js': kernelsIndexModule,
  '../tensor/creation.js': tensorCreationModule,
  '../tensor/dtype.js': tensorDtypeModule,
  '../tensor/error.js': tensorErrorModule,
  '../tensor/shape.js': tensorShapeModule,
  '../tensor/strided.js': tensorStridedModule,
  '../tensor/tensor.js': tensorTensorModule,
  './activation.js': activationModule,
  './arithmetic.js': arithmeticModule,
  './broadcast.js': broadcastModule,
  './check-shapes.js': checkShapesModule,
  './functions.js': functionsModule,
  './labels.js': labelsModule,
  './layout.js': layoutModule,
  './loss.js': lossModule,
  './matmul.js': matmulModule,
  './reduce.js': reduceModule,
  './select.js': selectModule,
  './softmax.js': softmaxModule,
  './unfold.js': unfoldModule,
  './window.js': windowModule,
  '../random/random.js': randomModule,
};

const folder = 'src/ops';
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));

describe('mutants of the rules of backward', () => {
  const survivors: string[] = [];
  const excused: string[] = [];
  let caught = 0;

  for (const file of files) {
    const mutants = mutantsOf(readFileSync(`${folder}/${file}`, 'utf8'));
    if (mutants.length === 0) continue;
    it(`in ${file} differ from the rules themselves, in which nothing is wrong`, () => {
      const text = readFileSync(`${folder}/${file}`, 'utf8');
      for (const op of new Set(mutants.map(({ op }) => op))) {
        expect(whatIsWrong(opOf({ op, text })), op).to.equal(undefined);
      }
    });

    it(`in ${file} are all caught by the gradient check, or excused by name`, () => {
      const missed: string[] = [];
      for (const mutant of mutants) {
        const name = `${mutant.op} ${mutant.input}: ${mutant.kind} ${mutant.change.replace(/\s+/g, ' ')}`;
        const excuse = equivalent.find(({ matches }) => matches.test(name));
        const isCaught = whatIsWrong(opOf(mutant)) !== undefined;
        if (isCaught) caught += 1;
        else if (excuse === undefined) missed.push(name);
        else excused.push(`${name} (${excuse.why})`);
      }
      survivors.push(...missed);
      expect(missed, 'mutants that no check noticed').to.deep.equal([]);
    });
  }

  it('cover every op of the registry', () => {
    const covered = new Set(
      files.flatMap((file) => mutantsOf(readFileSync(`${folder}/${file}`, 'utf8')).map(({ op }) => op)),
    );
    expect(registry.map(({ name }) => name).filter((name) => !covered.has(name))).to.deep.equal([]);
  });

  after(() => {
    console.log(
      `    mutants of backward rules: ${caught} caught, ${excused.length} equivalent, ${survivors.length} missed`,
    );
  });
});

/** The op of a mutated file; its module is compiled afresh with the imports of the real one. */
function opOf({ op, text }: Pick<Mutant, 'op' | 'text'>): AnyOp {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const exported: Record<string, unknown> = {};
  const require = (path: string): unknown => {
    if (modules[path] === undefined) throw new Error(`mutation.test.ts: add ${path} to the modules`);
    return modules[path];
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a mutant is code that did not exist before
  const load = new Function('require', 'exports', 'negate', outputText) as (...scope: unknown[]) => void; // a mutant may negate where the file does not
  load(require, exported, functionsModule.negate);
  return exported[op] as AnyOp;
}

/** What the check says of an op, with its fused rules and without; `undefined` when it finds nothing. */
function whatIsWrong(op: AnyOp): string | undefined {
  const { fused, ...record } = op;
  for (const version of fused === undefined ? [record] : [record, { ...record, fused }]) {
    for (const [k, sample] of op.samples.entries()) {
      const inputs = drawInputs(op, sample.shapes, random(0).split(`${op.name}${k}`));
      try {
        checkGradient((named: typeof inputs) => callOn(version as AnyRecord, sample, named), inputs).assert();
      } catch (error) {
        return (error as Error).message; // a rule that cannot be carried out is noticed too
      }
    }
  }
  return undefined;
}
