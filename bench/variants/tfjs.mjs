import * as tf from '@tensorflow/tfjs';
import { inputs, numbers } from '../inputs.js';

/** TensorFlow.js with one of its backends; it knows float32 only, and its WebAssembly cannot train convolutions. */
export function tfjsVariant(backend) {
  return {
    step: async ({ network, batch }) => {
      await tf.setBackend(backend);
      if (backend === 'wasm' && network === 'convolutional') return undefined;
      return training(network, batch);
    },
    product: async ({ size, dtype, layout }) => {
      if (dtype === 'float64') return undefined;
      await tf.setBackend(backend);
      const [x, w] = [1, 2].map((seed) => tf.tensor2d(numbers(size * size, seed), [size, size]));
      return () => {
        const product = tf.matMul(x, w, layout === 'TN', layout === 'NT');
        product.dataSync();
        product.dispose();
      };
    },
  };
}

const linear = (x, w, b) => x.matMul(w).add(b);

const networks = {
  small: ([w1, b1, w2, b2], x) => linear(linear(x, w1, b1).sigmoid(), w2, b2),
  wide: ([w1, b1, w2, b2], x) => linear(linear(x, w1, b1).relu(), w2, b2),
  convolutional: ([k1, c1, k2, c2, w1, b1, w2, b2, w3, b3], x) => {
    const pooled = (x, kernels, b) => x.conv2d(kernels, 1, 'valid').add(b).relu().maxPool(2, 2, 'valid');
    const flat = pooled(pooled(x, k1, c1), k2, c2).reshape([-1, 400]);
    return linear(linear(linear(flat, w1, b1).relu(), w2, b2).relu(), w3, b3);
  },
};

/** Images and kernels have their channels last, as tfjs prefers. */
const shapes = {
  small: [[2, 8], [8], [8, 2], [2]],
  wide: [[784, 3136], [3136], [3136, 10], [10]],
  convolutional: [[5, 5, 3, 6], [6], [5, 5, 6, 16], [16], [400, 120], [120], [120, 84], [84], [84, 10], [10]],
};

function training(network, batch) {
  const { batches, features, classes, x, labels } = inputs(network, batch);
  const area = x.length / labels.length;
  const axes = network === 'convolutional' ? [32, 32, 3] : features;
  const parameters = shapes[network].map((shape, k) => {
    const size = shape.reduce((a, b) => a * b);
    return tf.variable(tf.tensor(numbers(size, k), shape).mul(1 / Math.sqrt(size / shape.at(-1))));
  });
  const rate = 0.001 / batch;
  const optimizer = network === 'convolutional' ? tf.train.momentum(rate, 0.9) : tf.train.sgd(rate);
  const data = Array.from({ length: batches }, (_, k) => ({
    x: tf.tensor(x.slice(k * batch * area, (k + 1) * batch * area), [batch, ...axes]),
    hot: tf.oneHot(tf.tensor1d(labels.slice(k * batch, (k + 1) * batch), 'int32'), classes).toFloat(),
  }));
  let k = 0;
  return () => {
    k = (k + 1) % batches;
    const { x, hot } = data[k];
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(hot, networks[network](parameters, x)).mul(batch));
    parameters.at(-1).dataSync();
  };
}
