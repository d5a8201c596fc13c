import { expect } from 'chai';
import { gradientsOf, type Contribution } from '../../src/autodiff/backward.js';
import { callOn, drawInputs } from '../../src/autodiff/samples.js';
import { writtenRule } from '../../src/figures/written-rule.js';
import { explain } from '../../src/figures/explain.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { crossEntropy, divide, exp, linear, log, multiply, relu, sum } from '../../src/ops/index.js';
import { registry } from '../../src/ops/registry.js';
import { random } from '../../src/random/random.js';

function square() {
  const x = tensor(1, { name: 'x' });
  const b = exp(log(x));
  b.name = 'b';
  return { x, b, loss: multiply(b, b) };
}

describe('the explanation of backward', () => {
  it('visits each op once, with the rule in names and in numbers and what is accumulated', () => {
    const { steps } = explain(square().loss);
    expect(steps.map(({ op }) => op)).to.deep.equal(['multiply', 'exp', 'log']);
    const [first, second] = steps[0]!.inputs;
    expect(first).to.include({ tensor: 'b', input: 'X', names: 'loss.grad · b', numbers: '1 · 1' });
    expect(first).to.include({ accumulated: '1' }).and.not.to.have.property('before');
    expect(second).to.include({ tensor: 'b', input: 'Y', before: '1', accumulated: '2' });
    expect(steps[2]!.inputs[0]).to.include({ names: 'h₁.grad / x', numbers: '2 / 1', accumulated: '2' });
  });

  it('sets no gradient', () => {
    const { x, loss } = square();
    explain(loss);
    expect(x.grad).to.equal(undefined);
  });

  it('ends with the gradients that backward sets', () => {
    const X = tensor([[1, 2]], { name: 'X' });
    const Y = tensor([[2, 4]], { name: 'Y' });
    const loss = sum(divide(X, Y));
    const { steps } = explain(loss);
    loss.backward();
    const found = steps.at(-1)!.inputs.map(({ accumulated }) => accumulated);
    expect(found).to.deep.equal(['[0.5, 0.25]', '[−0.25, −0.125]']);
    expect([...Y.grad!.data()]).to.deep.equal([-0.25, -0.125]);
  });

  it('shows what is not yet computed, then what is complete', () => {
    const { steps } = explain(square().loss);
    const gradOf = (k: number, label: string) =>
      steps[k]!.graph.nodes.find((node) => node.label === label)!.lines!.at(-1);
    expect(gradOf(0, 'b')).to.deep.equal({ label: 'grad', value: '2' });
    expect(gradOf(0, 'x')).to.deep.equal({ label: 'grad', value: undefined });
    expect(gradOf(2, 'x')).to.deep.equal({ label: 'grad', value: '2' });
  });

  it('says that a gradient to which more will be added is not complete', () => {
    const x = tensor(3, { name: 'x' });
    const { steps } = explain(multiply(x, exp(x)));
    const lines = steps[0]!.graph.nodes.find((node) => node.label === 'x')!.lines!;
    expect(lines.at(-1)).to.have.property('label', 'grad so far');
  });

  it('gives constants no gradient', () => {
    const scores = linear(constant([[1, 2]]), tensor([[1, 0]], { name: 'W' }), tensor([0]));
    const { steps } = explain(sum(scores));
    expect(steps.at(-1)!.inputs.map(({ input }) => input)).to.deep.equal(['W', 'b']);
  });

  it('draws one frame a step and one for the start, the same bytes every time', async () => {
    const figure = explain(square().loss);
    const svg = await figure.toSvg();
    expect([...svg.matchAll(/data-frame="(\d)"/g)].map(([, k]) => k)).to.deep.equal(['0', '1', '2', '3']);
    expect(await explain(square().loss).toSvg()).to.equal(svg);
    expect(figure.alt).to.include('Backward in 3 steps.').and.to.include('b.grad = 1 + 1 = 2');
  });

  it('refuses what is no computed scalar', () => {
    expect(() => explain(tensor(1))).to.throw(/^explain: .* no scalar that was computed/);
    expect(() => explain(exp(tensor([1, 2])))).to.throw(/\(2,\) is no scalar that was computed/);
  });
});

describe('a rule that is written out', () => {
  const wording = { tensor: () => 't', number: String };
  const withText = new Set<string>();
  for (const op of registry) {
    it(`of ${op.name} is the rule that the code follows`, () => {
      for (const sample of op.samples) {
        const inputs = drawInputs(op, sample.shapes, random(0).split(op.name));
        const steps: Contribution[] = [];
        gradientsOf(callOn(op, sample, inputs), { observe: (step) => steps.push(step) });
        for (const step of steps) {
          const rule = writtenRule(step, wording);
          if (rule === undefined) continue;
          withText.add(op.name);
          expect(arithmetic(rule.numbers)).to.be.closeTo(step.contribution.data()[rule.element]!, 1e-9);
        }
      }
    });
  }

  it('is found for nearly every op; long sums and masks have no short text', () => {
    expect(withText.size / registry.length).to.be.greaterThan(0.8);
  });

  it('counts labels from 1, like indices', () => {
    const steps: Contribution[] = [];
    const scores = relu(tensor([[0, 1]]));
    gradientsOf(crossEntropy(scores, [1]), { observe: (step) => steps.push(step) });
    expect(writtenRule(steps[0]!, wording)!.numbers).to.match(/\[1 = 2\]\)$/);
  });
});

/** The value of a text that is written out, by JavaScript's own arithmetic. */
function arithmetic(text: string): number {
  const code = text
    .replaceAll('−', '-')
    .replaceAll(' · ', '*')
    .replaceAll('²', '**2')
    .replace(/σ\(/g, 'sigma(')
    .replace(/√\(/g, 'Math.sqrt(')
    .replace(/\[([^[\]]+)\]/g, (_, conditions: string) => {
      return `(${conditions.replaceAll(', ', ' && ').replaceAll(' = ', '===').replaceAll('≤', '<=')} ? 1 : 0)`;
    })
    .replace(/\^/g, '**')
    .replace(/-([\d.e-]+)\*\*/g, '-1*$1**');
  const scope = 'const { exp, log, tanh } = Math; const sigma = (x) => 1 / (1 + exp(-x));';
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  return new Function(`${scope} return ${code};`)() as number;
}
