import { blockUntilReady, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { inputs, numbers } from '../inputs.js';

await init('wasm');

/** jax-js on WebAssembly: a step of training under jit, as its documentation recommends. */
export const variant = {
  step: ({ network, batch }) => training(network, batch),
  product: ({ size, dtype, layout }) => {
    const [x, w] = [1, 2].map((seed) => matrix(size, seed, dtype));
    return () =>
      blockUntilReady(
        np.matmul(
          layout === 'TN' ? np.transpose(x.ref) : x.ref,
          layout === 'NT' ? np.transpose(w.ref) : w.ref,
        ),
      ).then((product) => product.dispose());
  },
};

function matrix(size, seed, dtype) {
  return np
    .array(numbers(size * size, seed))
    .reshape([size, size])
    .astype(np[dtype]);
}

const shapes = {
  small: [[2, 8], [8], [8, 2], [2]],
  wide: [[784, 3136], [3136], [3136, 10], [10]],
  convolutional: [[6, 3, 5, 5], [6], [16, 6, 5, 5], [16], [400, 120], [120], [120, 84], [84], [84, 10], [10]],
};

const linear = (x, w, b) => np.matmul(x, w).add(b);

const networks = {
  small: ([w1, b1, w2, b2], x) => linear(nn.sigmoid(linear(x, w1, b1)), w2, b2),
  wide: ([w1, b1, w2, b2], x) => linear(nn.relu(linear(x, w1, b1)), w2, b2),
  convolutional: ([k1, c1, k2, c2, w1, b1, w2, b2, w3, b3], x) => {
    const second = pooled(pooled(x, k1, c1), k2, c2);
    const flat = second.reshape([second.shape[0], 400]);
    return linear(nn.relu(linear(nn.relu(linear(flat, w1, b1)), w2, b2)), w3, b3);
  },
};

function pooled(x, kernels, b) {
  const convolved = lax.conv(x, kernels, [1, 1], 'VALID').add(b.reshape([1, b.shape[0], 1, 1]));
  const [n, c, h, w] = convolved.shape;
  return np.max(nn.relu(convolved).reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
}

function training(network, batch) {
  const dtype = network === 'small' ? np.float64 : np.float32;
  const { batches, features, classes, x, labels } = inputs(network, batch);
  const area = x.length / labels.length;
  const momentum = network === 'convolutional' ? 0.9 : 0;
  const data = Array.from({ length: batches }, (_, k) => ({
    x: np
      .array(x.slice(k * batch * area, (k + 1) * batch * area))
      .reshape([batch, ...features])
      .astype(dtype),
    hot: nn
      .oneHot(np.array(labels.slice(k * batch, (k + 1) * batch), { dtype: np.int32 }), classes)
      .astype(dtype),
  }));
  const make = (shape, k) => {
    const size = shape.reduce((a, b) => a * b);
    return np
      .array(numbers(size, k))
      .mul(1 / Math.sqrt(size / Math.min(...shape)))
      .reshape(shape)
      .astype(dtype);
  };
  let parameters = shapes[network].map(make);
  let velocities = parameters.map((parameter) => np.zerosLike(parameter.ref));
  const loss = (parameters, x, hot) =>
    np.sum(nn.logSoftmax(networks[network](parameters, x)).mul(hot)).mul(-1);
  const step = jit((parameters, velocities, x, hot) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, hot);
    const moved = velocities.map((velocity, k) => velocity.mul(momentum).add(gradients[k]));
    const next = parameters.map((parameter, k) => parameter.sub(moved[k].ref.mul(0.001 / batch)));
    return [value, next, moved];
  });
  let k = 0;
  return async () => {
    k = (k + 1) % batches;
    const { x, hot } = data[k];
    const [value, next, moved] = step(parameters, velocities, x.ref, hot.ref);
    [parameters, velocities] = [next, moved];
    value.dispose();
    await blockUntilReady(parameters);
  };
}
