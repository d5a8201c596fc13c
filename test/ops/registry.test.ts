import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { gradientsOf } from '../../src/autodiff/backward.js';
import { checkGradient } from '../../src/autodiff/check-gradient.js';
import type { AnyOp, BackwardContext } from '../../src/autodiff/op.js';
import { callOn, drawInputs } from '../../src/autodiff/samples.js';
import * as namespace from '../../src/ops/index.js';
import { registry } from '../../src/ops/registry.js';
import { random } from '../../src/random/random.js';
import { tensor } from '../../src/tensor/creation.js';
import { formatShape } from '../../src/tensor/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';

const FLOAT32_TOLERANCE = 2e-5; // of the largest entry: some 150 roundings of 2^-24 along the longest sum of a sample

describe('the registry of ops', () => {
  it('lists every op that a file of src/ops exports', () => {
    const exported = readdirSync('src/ops')
      .filter((file) => file.endsWith('.ts') && !['index.ts', 'registry.ts'].includes(file))
      .flatMap((file) => [
        ...readFileSync(`src/ops/${file}`, 'utf8').matchAll(/^export const (\w+): (?:\w*Op\b|Op<)/gm),
      ])
      .map((match) => match[1]);
    expect(exported.length).to.be.greaterThan(20);
    expect([...exported].sort()).to.deep.equal(Object.keys(namespace).sort());
  });

  it('calls every op by its own name', () => {
    for (const [name, op] of Object.entries(namespace)) expect(op.name).to.equal(name);
  });

  for (const op of registry) {
    describe(op.name, () => {
      op.samples.forEach((sample, k) => {
        const shapes = op.inputs.map((name) => `${name} ${formatShape(sample.shapes[name]!)}`).join(', ');
        const attributes = sample.attributes === undefined ? '' : ` ${describeAttributes(sample.attributes)}`;
        const inputs = () => drawInputs(op, sample.shapes, random(0).split(`${op.name}${k}`));
        const run = (named: Readonly<Record<string, Tensor>>) => callOn(op, sample, named);

        it(`has the gradient that differences find on ${shapes}${attributes}, and so has its gradient`, () => {
          checkGradient(run, inputs(), { name: op.name }).assert();
          checkGradient(run, inputs(), { name: op.name, order: 2 }).assert();
        });

        it(`gives equal bits on a rerun, and close ones in float32, on ${shapes}${attributes}`, () => {
          const [first, again] = [bits(run, inputs()), bits(run, inputs())];
          expect(again).to.deep.equal(first);
          const named32 = drawInputs(op, sample.shapes, random(0).split(`${op.name}${k}`), 'float32');
          const rounded = Object.fromEntries(
            Object.entries(named32).map(([name, x]) => [
              name,
              tensor(Float64Array.from(x.data()), { shape: x.shape, name }),
            ]),
          );
          expectClose(bits(run, named32), bits(run, rounded), `${op.name} in float32`);
        });
      });

      for (const refusal of op.refuses) {
        it(`refuses ${refusal.because}`, () => {
          expect(refusal.call).to.throw(refusal.message);
        });
      }

      for (const kink of op.kinks ?? []) {
        it(`keeps to its convention where the derivative jumps: ${kink.convention}`, () => {
          const named = Object.fromEntries(op.inputs.map((name) => [name, tensor(kink.at[name]!, { name })]));
          const output = callOn(
            op,
            op.samples.find(({ shapes }) => fits(shapes, named)) ?? op.samples[0]!,
            named,
          );
          const gradients = gradientsOf(output);
          for (const name of op.inputs) {
            expect(gradients.get(named[name]!)?.value).to.deep.equal(kink.gradient[name]);
          }
        });
      }

      for (const [input, fused] of Object.entries(op.fused ?? {})) {
        it(`has a fused rule for ${input} that agrees with the rule written in ops`, () => {
          for (const sample of op.samples) {
            const named = drawInputs(op, sample.shapes, random(1).split(op.name));
            const context = contextOf(op, sample, named);
            const slow = op.backward[input]!(context).data();
            expectClose([...fused!(context).data()], [...slow], `${op.name} fused`, 1e-14);
          }
        });
      }
    });
  }
});

function contextOf(
  op: AnyOp,
  sample: AnyOp['samples'][number],
  named: Record<string, Tensor>,
): BackwardContext<string, unknown> {
  const output = callOn(op, sample, named);
  const gradient = random(2).uniform(output.shape, { low: 0.5, high: 1.5 });
  const saved = (output.source as { saved?: Tensor } | undefined)?.saved;
  return { ...named, output: output.detach(), gradient, attributes: sample.attributes, saved } as never;
}

/** Output and gradients, one after the other. */
function bits(run: (named: Record<string, Tensor>) => Tensor, named: Record<string, Tensor>): number[] {
  const output = run(named);
  const upstream = random(3).uniform(output.shape, { low: 0.5, high: 1.5, dtype: output.dtype });
  const gradients = gradientsOf(output, { upstream });
  return [...output.data(), ...Object.values(named).flatMap((input) => [...gradients.get(input)!.data()])];
}

function expectClose(
  actual: number[],
  expected: number[],
  what: string,
  tolerance = FLOAT32_TOLERANCE,
): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(actual.length).to.equal(expected.length);
  actual.forEach((value, k) => {
    expect(
      Math.abs(value - expected[k]!),
      `${what}: element ${k} is ${value} instead of ${expected[k]}`,
    ).to.be.at.most(tolerance * scale);
  });
}

function fits(shapes: Readonly<Record<string, readonly number[]>>, named: Record<string, Tensor>): boolean {
  return Object.entries(named).every(([name, input]) => shapes[name]!.length === input.shape.length);
}

function describeAttributes(attributes: unknown): string {
  return JSON.stringify(attributes, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'dtype' in value ? '[labels]' : value,
  );
}
