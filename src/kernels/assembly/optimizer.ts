import { bytesOf } from './math/lanes';

// In place, by PyTorch's conventions. These views may end inside another buffer: nothing is written past n.

/** θ ← θ − rate·(g + weightDecay·θ) */
export function sgd<T>(parameter: usize, gradient: usize, n: i32, rate: T, weightDecay: T): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += sizeof<T>()) {
    const theta = load<T>(parameter + p);
    store<T>(parameter + p, <T>(theta - rate * <T>(load<T>(gradient + p) + weightDecay * theta)));
  }
}

/** g ← g + weightDecay·θ; v ← momentum·v + (1 − dampening)·g; θ ← θ − rate·(nesterov ? g + momentum·v : v) */
export function sgdMomentum<T>(
  parameter: usize,
  gradient: usize,
  velocity: usize,
  n: i32,
  rate: T,
  momentum: T,
  dampening: T,
  weightDecay: T,
  nesterov: i32,
): void {
  const fresh: T = <T>(<T>1 - dampening);
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += sizeof<T>()) {
    const theta = load<T>(parameter + p);
    const g: T = <T>(load<T>(gradient + p) + weightDecay * theta);
    const v: T = <T>(momentum * load<T>(velocity + p) + fresh * g);
    const direction: T = nesterov ? <T>(g + momentum * v) : v;
    store<T>(velocity + p, v);
    store<T>(parameter + p, <T>(theta - rate * direction));
  }
}

/**
 * m ← β1·m + (1 − β1)·g; v ← β2·v + (1 − β2)·g²; θ ← θ − rate·(m / c1) / (√(v / c2) + ε), where c1 = 1 − β1^t
 * and c2 = 1 − β2^t; weight decay is added to g, or (decoupled, AdamW) taken off θ first.
 */
export function adam<T>(
  parameter: usize,
  gradient: usize,
  m: usize,
  v: usize,
  n: i32,
  rate: T,
  beta1: T,
  beta2: T,
  epsilon: T,
  correction1: T,
  correction2: T,
  weightDecay: T,
  decoupled: i32,
): void {
  const one: T = <T>1;
  const rootCorrection: T = sqrt<T>(correction2);
  const stepSize: T = <T>(rate / correction1);
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += sizeof<T>()) {
    let theta = load<T>(parameter + p);
    let g = load<T>(gradient + p);
    if (decoupled) theta = <T>(theta * <T>(one - rate * weightDecay));
    else g = <T>(g + weightDecay * theta);
    const first: T = <T>(beta1 * load<T>(m + p) + <T>(one - beta1) * g);
    const second: T = <T>(beta2 * load<T>(v + p) + <T>(one - beta2) * g * g);
    store<T>(m + p, first);
    store<T>(v + p, second);
    store<T>(parameter + p, <T>(theta - (stepSize * first) / (sqrt<T>(second) / rootCorrection + epsilon)));
  }
}

/** s ← α·s + (1 − α)·g²; θ ← θ − rate·g / (√s + ε), with g ← g + weightDecay·θ first */
export function rmsprop<T>(
  parameter: usize,
  gradient: usize,
  meanSquare: usize,
  n: i32,
  rate: T,
  alpha: T,
  epsilon: T,
  weightDecay: T,
): void {
  for (let p: usize = 0, end = bytesOf<T>(n); p < end; p += sizeof<T>()) {
    const theta = load<T>(parameter + p);
    const g: T = <T>(load<T>(gradient + p) + weightDecay * theta);
    const s: T = <T>(alpha * load<T>(meanSquare + p) + <T>(<T>1 - alpha) * g * g);
    store<T>(meanSquare + p, s);
    store<T>(parameter + p, <T>(theta - (rate * g) / (sqrt<T>(s) + epsilon)));
  }
}
