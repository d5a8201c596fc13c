import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { programOf, type ProgramCall } from '../../src/kernels/program.js';
import type { Kernel } from '../../src/kernels/recording.js';
import { Buffers } from './buffers.js';

describe('programs of kernel calls', () => {
  const { add, fill, sumSquares } = kernels.float64 as unknown as Record<string, Kernel>;
  const indexOutOfRange = kernels.indexOutOfRange as Kernel;
  const call = <Name extends string>(
    kernel: Kernel | undefined,
    args: (number | Name)[],
    result?: number,
  ): ProgramCall<Name> => ({ kernel: kernel!, args, result });

  it('makes the calls in their order, on the addresses that a run is given', () => {
    const buffers = new Buffers('float64');
    const [x, one, out] = [buffers.put([1, -2, 300]), buffers.room(3), buffers.room(3)];
    const program = programOf([call(fill, [one, 3, 0.1]), call(add, ['x', one, 'out', 3])], ['x', 'out'])!;
    const addresses = buffers.putIntegers(program.addresses);
    expect(program.addresses).to.deep.equal([one]);
    expect(program.run(addresses, x, out)).to.equal(1);
    expect(buffers.get(out, 3)).to.deep.equal([1.1, -1.9, 300.1]);
    const y = buffers.put([0, 0, -1]);
    expect(program.run(addresses, y, x)).to.equal(1);
    expect(buffers.get(x, 3)).to.deep.equal([0.1, 0.1, -0.9]);
  });

  it('stops where a kernel answers otherwise', () => {
    const buffers = new Buffers('float64');
    const [labels, out] = [buffers.putIntegers([0, 1, 70, -70]), buffers.room(1)];
    for (const [limit, answer] of [
      [71, 3],
      [70, 2],
      [1, 1],
    ] as const) {
      const calls = (result: number) => [
        call(fill, [out, 1, 1]),
        call(indexOutOfRange, [labels, 4, limit], result),
        call(fill, [out, 1, 2]),
      ];
      for (const expected of [answer, -1, 300, -70]) {
        const program = programOf(calls(expected), [])!;
        const addresses = buffers.putIntegers(program.addresses);
        expect(program.run(addresses)).to.equal(expected === answer ? 1 : 0);
        expect(buffers.get(out, 1)).to.deep.equal([expected === answer ? 2 : 1]);
      }
    }
  });

  it('passes numbers of each type as JavaScript does', () => {
    for (const dtype of ['float64', 'float32'] as const) {
      const buffers = new Buffers(dtype);
      const [first, second] = [buffers.room(4), buffers.room(4)];
      const kernel = kernels[dtype].fill as Kernel;
      for (const value of [0.1, -0, 1e300, -Infinity, NaN, 5e-324]) {
        kernel(first, 4, value);
        const { addresses, run } = programOf([call(kernel, [second, 4, value])], [])!;
        expect(run(buffers.putIntegers(addresses))).to.equal(1);
        expect(buffers.get(second, 4)).to.deep.equal(buffers.get(first, 4));
      }
    }
  });

  it('shares the function between programs that differ in addresses only', () => {
    const program = (at: number, value: number) => programOf([call(fill, [at, 1, value])], [])!;
    expect(program(1024, 1).run).to.equal(program(2_000_000_000, 1).run);
    expect(program(1024, 1).run).not.to.equal(program(1024, 2).run);
  });

  it('is refused for kernels that are not ours or answer with a fraction', () => {
    expect(programOf([call(() => undefined, [])], [])).to.equal(undefined);
    expect(programOf([call(sumSquares, [1024, 1], 0)], [])).to.equal(undefined);
  });
});
