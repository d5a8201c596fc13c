import { expect } from 'chai';
import { dataset, type GivenData } from '../../src/data/dataset.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { ShapeError, ValueError } from '../../src/tensor/error.js';
import { scoped } from '../../src/tensor/memory.js';
import { itRefuses } from '../refuses.js';

const good: GivenData = {
  name: 'points',
  classes: 3,
  train: { x: [[1, 2], [3, 4], [5, 6]], labels: [0, 2, 1] }, // prettier-ignore
  validation: { x: [[7, 8]], labels: [0] },
};
const withTrain = (train: Partial<GivenData['train']>) => () =>
  dataset({ ...good, train: { ...good.train, ...train } });

describe('dataset', () => {
  it('takes arrays', () => {
    const { name, train, validation } = dataset(good);
    expect([name, train.size, validation.size]).to.deep.equal(['points', 3, 1]);
    expect([train.x.value, train.labels.value]).to.deep.equal([[[1, 2], [3, 4], [5, 6]], [0, 2, 1]]); // prettier-ignore
    expect([train.x.dtype, train.labels.dtype]).to.deep.equal(['float64', 'int32']);
  });

  it('takes tensors, through which no gradient flows, and images', () => {
    const x = tensor(new Float64Array(24), { shape: [2, 3, 2, 2] });
    const labels = constant([1, 1], { dtype: 'int32' });
    const { train } = dataset({ ...good, train: { x, labels } });
    expect([train.x.shape, train.x.requiresGrad, train.size]).to.deep.equal([[2, 3, 2, 2], false, 2]);
  });

  it('keeps the names of the classes', () => {
    expect(dataset({ ...good, classNames: ['a', 'b', 'c'] }).classNames).to.deep.equal(['a', 'b', 'c']);
    expect(dataset(good)).not.to.have.property('classNames');
  });

  it('outlives the scope in which it is made', () => {
    const { train } = scoped('a step', () => dataset(good));
    expect(train.labels.value).to.deep.equal([0, 2, 1]);
  });

  // prettier-ignore
  itRefuses([
    ['a single class', () => dataset({ ...good, classes: 1 }), ValueError, /^points: there are 1 classes; a classifier needs at least two to tell apart/],
    ['another number of names than classes', () => dataset({ ...good, classNames: ['a', 'b'] }), ValueError, /^points: there are 3 classes, but 2 names; name each class once/],
    ['half a class', () => dataset({ ...good, classes: 2.5 }), ValueError, /there are 2\.5 classes/],
    ['another number of labels than instances', withTrain({ labels: [0, 1] }), ShapeError, /^points, train: x has 3 instances, but there are 2 labels; give one label an instance/],
    ['a label that is no class', withTrain({ labels: [0, 3, 1] }), ValueError, /^points, train: label 3 of row 1 is out of range: there are 3 classes, 0 to 2/],
    ['a negative label', withTrain({ labels: [0, 1, -1] }), ValueError, /label -1 of row 2 is out of range/],
    ['NaN in x', withTrain({ x: [[1, 2], [3, NaN], [5, 6]] }), ValueError, /^points, train: x is NaN in row 1, column 1; remove or replace it before training/],
    ['infinity in x of the validation part', () => dataset({ ...good, validation: { x: [[-Infinity, 1]], labels: [0] } }), ValueError, /^points, validation: x is -Infinity in row 0, column 0/],
    ['a vector of numbers', withTrain({ x: [1, 2, 3] }), ShapeError, /^points, train: x has shape \(3,\), but it must have one row an instance: \(instances, features…\)/],
    ['no instances', withTrain({ x: [], labels: [] }), ShapeError, /holds no numbers/],
    ['labels with a fraction', withTrain({ labels: [0, 1, 0.5] }), ValueError, /element 2 is 0\.5, but an int32/],
    ['labels as a float64 tensor', withTrain({ labels: tensor([0, 1, 2]) }), ValueError, /^points, train: x is float64 and labels are float64; x must be float64 or float32, and labels int32/],
    ['x as an int32 tensor', withTrain({ x: constant([[1], [2], [3]], { dtype: 'int32' }) }), ValueError, /^points, train: x is int32 and labels are int32/],
  ]);
});
