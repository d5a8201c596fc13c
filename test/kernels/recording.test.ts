import { expect } from 'chai';
import { kernels } from '../../src/kernels/index.js';
import { recorded } from '../../src/kernels/recording.js';
import { Buffers } from './buffers.js';

describe('recording kernels', () => {
  const buffers = new Buffers('float64');
  const at = buffers.room(1);
  const fill = (value: number) => kernels.float64.fill(at, 1, value);
  const valuesIn = (calls: ReturnType<typeof recorded>['calls']) => calls?.map(({ args }) => args[2]);

  it('writes down what a body calls, also what a recording in it has', () => {
    let inner: ReturnType<typeof recorded> | undefined;
    const outer = recorded(() => {
      fill(1);
      inner = recorded(() => fill(2));
      fill(3);
      return 'value';
    });
    expect(outer.value).to.equal('value');
    expect(valuesIn(outer.calls)).to.deep.equal([1, 2, 3]);
    expect(valuesIn(inner!.calls)).to.deep.equal([2]);
    expect(outer.calls![0]!.kernel).to.equal(kernels.float64.fill);
  });

  it('has none where JavaScript looks into the memory', () => {
    expect(recorded(() => buffers.get(at, 1)).calls).to.equal(undefined);
  });

  it('ends with an exception', () => {
    const { fill: before } = kernels.float64;
    const failing = () => {
      fill(1);
      throw new Error('no');
    };
    expect(() => recorded(failing)).to.throw('no');
    expect(kernels.float64.fill).to.equal(before);
    expect(valuesIn(recorded(() => fill(4)).calls)).to.deep.equal([4]);
  });
});
