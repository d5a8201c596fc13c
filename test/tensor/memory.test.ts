import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { exp } from '../../src/ops/functions.js';
import { random, type Random } from '../../src/random/random.js';
import { constant, full, keep, tensor } from '../../src/tensor/creation.js';
import { GradbookError, ReleasedError } from '../../src/tensor/error.js';
import { memoryUse } from '../../src/tensor/heap.js';
import { scoped, unscoped } from '../../src/tensor/memory.js';
import type { Tensor } from '../../src/tensor/tensor.js';

describe('memory', () => {
  describe('of a scope', () => {
    it('is released at its end, and what is kept is not', () => {
      const [inside, kept] = scoped('a step', () => {
        const X = tensor([1, 2], { name: 'X' });
        return [X, keep(X)] as const;
      });
      expect(kept.value).to.deep.equal([1, 2]);
      expect(() => inside.value).to.throw(
        ReleasedError,
        'X (2,) has been released: it was made inside a step, which has ended; return keep(tensor) from there to keep it',
      );
      expect(String(inside)).to.equal('X (2,), released');
    });

    it('is released when the body throws', () => {
      const seen: Tensor[] = [];
      const failing = (): void => {
        scoped('a step', () => {
          seen.push(tensor(1));
          throw new Error('own');
        });
      };
      expect(failing).to.throw('own');
      expect(() => seen[0]!.item()).to.throw(ReleasedError);
      const after = tensor(2);
      scoped('the next step', () => tensor(3));
      expect(after.item()).to.equal(2);
    });

    it('names the op of a tensor without a name', () => {
      const hidden = scoped('a step', () => exp(tensor([0])));
      expect(() => hidden.data()).to.throw(
        /^tensor \(1,\), made by exp, has been released: it was made inside/,
      );
    });

    it('is used again by the next step', () => {
      const address = (): number => scoped('a step', () => tensor([1, 2, 3]).pointer);
      expect(address()).to.equal(address());
    });

    it('lasts as long as the scope, while scopes nest and large tensors fill several chunks', () => {
      const marked: { mark: number; made: Tensor }[] = [];
      scoped('the root', () => fillAndNest(random(3), 5, marked));
      expect(marked.length).to.be.greaterThan(100);
      for (const { made } of marked) expect(() => made.pointer).to.throw(ReleasedError);
    });

    it('does not hold what is made unscoped', () => {
      const outside = scoped('a step', () => unscoped(() => tensor(4)));
      scoped('another step', () => tensor(5));
      expect(outside.item()).to.equal(4);
    });

    it('refuses a body that awaits, whose later failure ends nothing', async () => {
      const unhandled: unknown[] = [];
      const note = (reason: unknown): void => {
        unhandled.push(reason);
      };
      process.on('unhandledRejection', note);
      const awaiting = async (): Promise<void> => {
        const X = tensor(1);
        await sleep(1);
        X.item();
      };
      expect(() => scoped('a step', awaiting)).to.throw(
        GradbookError,
        'a step: the body is async; a scope holds one synchronous step, so await outside of it',
      );
      await sleep(20);
      process.off('unhandledRejection', note);
      expect(unhandled).to.deep.equal([]);
    });
  });

  it('made by hand is found by the garbage collector between cells', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const turn = async (): Promise<void> => {
      collect();
      await sleep(10);
    };
    await turn();
    const before = memoryUse().inUse;
    for (let k = 0; k < 1000; k++) full([100], k);
    expect(memoryUse().inUse - before).to.equal(800_000);
    await turn();
    expect(memoryUse().inUse - before).to.be.at.most(0);
  });

  it('stays below its limits with an error, can be used on after clear(), and lets one step have most of it', () => {
    const output = execFileSync('node', ['--import', 'tsx', 'test/processes/memory-limit.ts'], {
      encoding: 'utf8',
    });
    const { large, step, many, after } = JSON.parse(output) as Record<string, string>;
    expect(large).to.match(/^GradbookError memory: no room for 268435456 more bytes: tensors hold 4\d{9} of at most 4294967296 bytes\. A loop written by hand keeps .* call loss\.clear\(\) .* valueAndGradient/); // prettier-ignore
    expect(step).to.equal('701');
    expect(many).to.match(/^GradbookError memory: 1000000 tensors made by hand are alive\. .* call loss\.clear\(\) .* valueAndGradient/); // prettier-ignore
    expect(after).to.equal('tensor (2,) float64\n[1, 2]');
  });
});

/** Makes tensors with a mark of their own and scopes within scopes; each tensor must keep its mark until its scope ends. */
function fillAndNest(draws: Random, depth: number, marked: { mark: number; made: Tensor }[]): void {
  const own: typeof marked = [];
  for (let k = 0; k < 4; k++) {
    const mark = marked.length;
    const made = constant(new Float64Array(1 + draws.integer(60_000)).fill(mark));
    own.push({ mark, made });
    marked.push({ mark, made });
    if (depth > 0 && draws.integer(3) > 0) {
      scoped(`depth ${depth}`, () => fillAndNest(draws, depth - 1, marked));
    }
  }
  for (const { mark, made } of own) expect(made.data().every((value) => value === mark)).to.equal(true);
}
