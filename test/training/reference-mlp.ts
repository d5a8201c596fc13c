/** A multilayer perceptron and its training in plain TypeScript loops, written without the library. */
export interface Layer {
  readonly weight: number[][];
  readonly bias: number[];
}

export interface ReferenceEpoch {
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** Root mean square over the steps, by layer. */
  readonly gradientNorms: readonly number[];
}

export interface Points {
  readonly x: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

const activations = {
  sigmoid: { f: (x: number) => 1 / (1 + Math.exp(-x)), slope: (y: number) => y * (1 - y) },
  relu: { f: (x: number) => Math.max(x, 0), slope: (y: number) => (y > 0 ? 1 : 0) },
  tanh: { f: Math.tanh, slope: (y: number) => 1 - y * y },
};

/** Plain stochastic gradient descent on cross-entropy, summed over batches in the order of the data; changes the layers. */
export function trainReference(
  layers: readonly Layer[],
  activation: keyof typeof activations,
  training: Points,
  validation: Points,
  options: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly rate: number;
    readonly frozen?: number;
  },
): ReferenceEpoch[] {
  const epochs: ReferenceEpoch[] = [];
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const squares = layers.map(() => 0);
    let total = 0;
    let steps = 0;
    for (let start = 0; start < training.x.length; start += options.batchSize, steps++) {
      const gradients = layers.map(({ weight, bias }) => ({
        weight: weight.map((row) => row.map(() => 0)),
        bias: bias.map(() => 0),
      }));
      for (let k = start; k < Math.min(start + options.batchSize, training.x.length); k++) {
        total += addGradients(layers, activation, training.x[k]!, training.labels[k]!, gradients);
      }
      layers.forEach((layer, l) => {
        const own = [...gradients[l]!.weight.flat(), ...gradients[l]!.bias];
        squares[l]! += own.reduce((sum, value) => sum + value * value, 0);
        if (l !== options.frozen) descend(layer, gradients[l]!, options.rate);
      });
    }
    const losses = validation.x.map((x, k) => forward(layers, activation, x, validation.labels[k]!));
    epochs.push({
      trainingLoss: total / training.x.length,
      validationLoss: losses.reduce((sum, { loss }) => sum + loss, 0) / losses.length,
      validationAccuracy: losses.filter(({ correct }) => correct).length / losses.length,
      gradientNorms: squares.map((square) => Math.sqrt(square / steps)),
    });
  }
  return epochs;
}

function forward(
  layers: readonly Layer[],
  activation: keyof typeof activations,
  x: readonly number[],
  label: number,
) {
  const signals: (readonly number[])[] = [x];
  layers.forEach(({ weight, bias }, l) => {
    const sums = weight.map((row, j) => row.reduce((sum, w, i) => sum + w * signals[l]![i]!, 0) + bias[j]!);
    signals.push(l === layers.length - 1 ? sums : sums.map(activations[activation].f));
  });
  const logits = signals.at(-1)!;
  const largest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  const loss = largest + Math.log(sum) - logits[label]!;
  return {
    signals,
    loss,
    probabilities: powers.map((p) => p / sum),
    correct: logits.indexOf(largest) === label,
  };
}

function addGradients(
  layers: readonly Layer[],
  activation: keyof typeof activations,
  x: readonly number[],
  label: number,
  gradients: readonly Layer[],
): number {
  const { signals, loss, probabilities } = forward(layers, activation, x, label);
  let error = probabilities.map((p, j) => p - (j === label ? 1 : 0));
  for (let l = layers.length - 1; l >= 0; l--) {
    const below = signals[l]!;
    error.forEach((e, j) => {
      gradients[l]!.bias[j]! += e;
      below.forEach((value, i) => (gradients[l]!.weight[j]![i]! += e * value));
    });
    const { weight } = layers[l]!;
    error = below.map(
      (y, i) => activations[activation].slope(y) * error.reduce((sum, e, j) => sum + e * weight[j]![i]!, 0),
    );
  }
  return loss;
}

function descend(layer: Layer, gradient: Layer, rate: number): void {
  layer.weight.forEach((row, j) => row.forEach((_, i) => (row[i]! -= rate * gradient.weight[j]![i]!)));
  layer.bias.forEach((_, j) => (layer.bias[j]! -= rate * gradient.bias[j]!));
}
