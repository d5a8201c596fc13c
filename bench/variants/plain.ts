import type { Variant } from '../workload.js';

/** The same step as people write it in plain TypeScript: eager operations on Float64Array, a tape of closures, Math.exp. */
export const variant: Variant = {
  'mlp-step': () => {
    const points = Float64Array.from({ length: 25_600 }, () => 2 * Math.random() - 1);
    const labels = Array.from({ length: 12_800 }, (_, k) =>
      points[2 * k]! * points[2 * k + 1]! > 0 ? 1 : 0,
    );
    const parameters = [weights(8, 2), weights(8, 1), weights(2, 8), weights(2, 1)];
    let batch = 0;
    return () => {
      batch = (batch + 1) % 100;
      const x = node(128, 2, points.slice(256 * batch, 256 * (batch + 1)));
      const tape: (() => void)[] = [];
      const [w1, b1, w2, b2] = parameters.map(({ rows, columns, value }) => node(rows, columns, value));
      const hidden = sigmoid(tape, addRow(tape, product(tape, x, w1!), b1!));
      const logits = addRow(tape, product(tape, hidden, w2!), b2!);
      crossEntropy(tape, logits, labels.slice(128 * batch, 128 * (batch + 1)));
      for (let k = tape.length - 1; k >= 0; k--) tape[k]!();
      [w1!, b1!, w2!, b2!].forEach(({ value, gradient }) => {
        for (let k = 0; k < value.length; k++) value[k]! -= 0.001 * gradient[k]!;
      });
    };
  },
};

interface Node {
  readonly rows: number;
  readonly columns: number;
  readonly value: Float64Array;
  readonly gradient: Float64Array;
}

function node(rows: number, columns: number, value: Float64Array = new Float64Array(rows * columns)): Node {
  return { rows, columns, value, gradient: new Float64Array(rows * columns) };
}

function weights(rows: number, columns: number): Node {
  return node(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => Math.random() - 0.5),
  );
}

/** x wᵀ */
function product(tape: (() => void)[], x: Node, w: Node): Node {
  const out = node(x.rows, w.rows);
  const each = (visit: (i: number, j: number, c: number) => void): void => {
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < w.rows; j++) for (let c = 0; c < x.columns; c++) visit(i, j, c);
    }
  };
  each(
    (i, j, c) => (out.value[i * w.rows + j]! += x.value[i * x.columns + c]! * w.value[j * x.columns + c]!),
  );
  tape.push(() => {
    each(
      (i, j, c) =>
        (x.gradient[i * x.columns + c]! += out.gradient[i * w.rows + j]! * w.value[j * x.columns + c]!),
    );
    each(
      (i, j, c) =>
        (w.gradient[j * x.columns + c]! += out.gradient[i * w.rows + j]! * x.value[i * x.columns + c]!),
    );
  });
  return out;
}

function addRow(tape: (() => void)[], x: Node, bias: Node): Node {
  const out = node(
    x.rows,
    x.columns,
    x.value.map((value, k) => value + bias.value[k % x.columns]!),
  );
  tape.push(() => {
    for (let k = 0; k < x.value.length; k++) {
      x.gradient[k]! += out.gradient[k]!;
      bias.gradient[k % x.columns]! += out.gradient[k]!;
    }
  });
  return out;
}

function sigmoid(tape: (() => void)[], x: Node): Node {
  const out = node(
    x.rows,
    x.columns,
    x.value.map((value) => 1 / (1 + Math.exp(-value))),
  );
  tape.push(() => {
    for (let k = 0; k < x.value.length; k++) {
      x.gradient[k]! += out.gradient[k]! * out.value[k]! * (1 - out.value[k]!);
    }
  });
  return out;
}

function crossEntropy(tape: (() => void)[], logits: Node, labels: readonly number[]): number {
  let loss = 0;
  const probabilities = new Float64Array(logits.value.length);
  for (let i = 0; i < logits.rows; i++) {
    const first = i * logits.columns;
    let largest = -Infinity;
    for (let j = 0; j < logits.columns; j++) largest = Math.max(largest, logits.value[first + j]!);
    let total = 0;
    for (let j = 0; j < logits.columns; j++) total += Math.exp(logits.value[first + j]! - largest);
    for (let j = 0; j < logits.columns; j++) {
      probabilities[first + j] = Math.exp(logits.value[first + j]! - largest) / total;
    }
    loss -= Math.log(probabilities[first + labels[i]!]!);
  }
  tape.push(() => {
    for (let k = 0; k < probabilities.length; k++) {
      const [i, j] = [Math.floor(k / logits.columns), k % logits.columns];
      logits.gradient[k]! += probabilities[k]! - (labels[i] === j ? 1 : 0);
    }
  });
  return loss;
}
