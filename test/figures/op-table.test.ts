import { expect } from 'chai';
import type { AnyOp } from '../../src/autodiff/op.js';
import { courseNameTable, opCheckTable, opTable } from '../../src/figures/op-table.js';
import { divide, expand, relu } from '../../src/ops/index.js';
import { registry } from '../../src/ops/registry.js';

const anyOps = (...ops: readonly unknown[]) => ops as readonly AnyOp[];

describe('the table of ops', () => {
  it('has a row for every gradient of every formula', () => {
    const { rows } = opTable(anyOps(divide, expand));
    expect(rows.map(([op]) => op)).to.deep.equal(['`divide`', null, '`expand`', null]);
    expect(rows.map(([, formula]) => formula)).to.deep.equal([
      '$S_{ij} = \\frac{X_{ij}}{Y_{ij}}$',
      null,
      '$S_{ij} = X_{i1}$',
      '$S_{ij} = X_j$',
    ]);
    expect(rows[1]![2]).to.equal('$Y^\\nabla_{ij} = -\\frac{S^\\nabla_{ij} X_{ij}}{Y_{ij}^2}$');
  });

  it('says how much of an op was checked, and what is chosen where a derivative jumps', () => {
    const [row, kinked] = opCheckTable(anyOps(divide, relu)).rows;
    expect(row!.slice(0, 5)).to.deep.equal(['`divide`', divide.shapeRule, '', 9, divide.samples.length]);
    expect(row![5]).to.match(/^\$\d \\times 10\^\{-\d+\}\$$/);
    expect(kinked![2]).to.equal("relu'(0) = 0");
  });

  it('refuses to list an op whose gradient is wrong', () => {
    const wrong = Object.defineProperties(
      (...operands: never[]) => relu(...(operands as unknown as [never])),
      {
        ...Object.getOwnPropertyDescriptors(relu),
        math: { value: [{ ...relu.math[0]!, gradient: { X: 'X^\\nabla_{ij} = S^\\nabla_{ij}' } }] },
      },
    );
    expect(() => opCheckTable(anyOps(wrong))).to.throw(/relu: NOT every equality holds/);
    expect(() => opTable(anyOps(wrong))).to.throw(/relu: NOT every equality holds/);
  });

  it('gives the name that the course uses wherever it has one', () => {
    const { rows } = courseNameTable();
    expect(rows).to.have.length(registry.filter(({ courseName }) => courseName !== undefined).length);
    expect(rows).to.deep.include(['`Expand`', '`expand`', expand.summary]);
  });
});
