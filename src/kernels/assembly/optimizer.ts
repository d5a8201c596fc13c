import { bytesOf, putLanes } from './math/lanes';

// In place, by PyTorch's conventions. The views may end inside another buffer: nothing is written past n.

/** θ ← θ − rate·(g + weightDecay·θ) */
export function sgd<T>(parameter: usize, gradient: usize, n: i32, rate: T, weightDecay: T): void {
  const rates = v128.splat<T>(rate);
  const decays = v128.splat<T>(weightDecay);
  const whole = bytesOf<T>(n) & ~15;
  let p: usize = 0;
  for (; p < whole; p += 16) {
    v128.store(parameter + p, against<T>(v128.load(parameter + p), v128.load(gradient + p), rates, decays));
  }
  const left = n - <i32>(p / sizeof<T>());
  if (left == 0) return;
  const rest = against<T>(v128.load(parameter + p), v128.load(gradient + p), rates, decays);
  putLanes<T>(parameter + p, rest, left);
}

/** θ − rate·(g + weightDecay·θ) */
// @inline
function against<T>(theta: v128, gradient: v128, rates: v128, decays: v128): v128 {
  const g = v128.add<T>(gradient, v128.mul<T>(decays, theta));
  return v128.sub<T>(theta, v128.mul<T>(rates, g));
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
  if (nesterov)
    followVelocity<T>(true, parameter, gradient, velocity, n, rate, momentum, dampening, weightDecay);
  else followVelocity<T>(false, parameter, gradient, velocity, n, rate, momentum, dampening, weightDecay);
}

/** A loop for each of the two directions, and whole vectors apart from the rest: it is bound by how fast it loads and stores. */
// @inline
function followVelocity<T>(
  nesterov: bool, // known when compiled
  parameter: usize,
  gradient: usize,
  velocity: usize,
  n: i32,
  rate: T,
  momentum: T,
  dampening: T,
  weightDecay: T,
): void {
  const rates = v128.splat<T>(rate);
  const momenta = v128.splat<T>(momentum);
  const fresh = v128.splat<T>(<T>(<T>1 - dampening));
  const decays = v128.splat<T>(weightDecay);
  const lanes: i32 = 16 / sizeof<T>();
  const whole = bytesOf<T>(n) & ~15;
  let p: usize = 0;
  for (; p < whole; p += 16)
    moveVector<T>(nesterov, parameter + p, gradient + p, velocity + p, lanes, rates, momenta, fresh, decays);
  const left = n % lanes;
  if (left > 0)
    moveVector<T>(nesterov, parameter + p, gradient + p, velocity + p, left, rates, momenta, fresh, decays);
}

// @inline
function moveVector<T>(
  nesterov: bool,
  parameter: usize,
  gradient: usize,
  velocity: usize,
  left: i32,
  rates: v128,
  momenta: v128,
  fresh: v128,
  decays: v128,
): void {
  const theta = v128.load(parameter);
  const g = v128.add<T>(v128.load(gradient), v128.mul<T>(decays, theta));
  const v = v128.add<T>(v128.mul<T>(momenta, v128.load(velocity)), v128.mul<T>(fresh, g));
  const direction = nesterov ? v128.add<T>(g, v128.mul<T>(momenta, v)) : v;
  putLanes<T>(velocity, v, left);
  putLanes<T>(parameter, v128.sub<T>(theta, v128.mul<T>(rates, direction)), left);
}

/**
 * m ← β1·m + (1 − β1)·g; v ← β2·v + (1 − β2)·g²; θ ← θ − rate·(m / c1) / (√(v / c2) + ε), where c1 = 1 − β1^t
 * and c2 = 1 − β2^t; weight decay is added to g, or (decoupled, AdamW) first takes rate·weightDecay·θ off θ.
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
  const keep = v128.splat<T>(decoupled ? <T>(<T>1 - rate * weightDecay) : <T>1);
  const decays = v128.splat<T>(decoupled ? <T>0 : weightDecay);
  const betas1 = v128.splat<T>(beta1);
  const betas2 = v128.splat<T>(beta2);
  const fresh1 = v128.splat<T>(<T>(<T>1 - beta1));
  const fresh2 = v128.splat<T>(<T>(<T>1 - beta2));
  const rates = v128.splat<T>(<T>(rate / correction1));
  const rootCorrection = v128.splat<T>(sqrt<T>(correction2));
  const epsilons = v128.splat<T>(epsilon);
  const lanes: i32 = 16 / sizeof<T>();
  for (let left = n; left > 0; left -= lanes, parameter += 16, gradient += 16, m += 16, v += 16) {
    const theta = v128.load(parameter);
    const g = v128.add<T>(v128.load(gradient), v128.mul<T>(decays, theta));
    const first = v128.add<T>(v128.mul<T>(betas1, v128.load(m)), v128.mul<T>(fresh1, g));
    const second = v128.add<T>(v128.mul<T>(betas2, v128.load(v)), v128.mul<T>(fresh2, v128.mul<T>(g, g)));
    const spread = v128.add<T>(v128.div<T>(v128.sqrt<T>(second), rootCorrection), epsilons);
    const step = v128.div<T>(v128.mul<T>(rates, first), spread);
    putLanes<T>(m, first, left);
    putLanes<T>(v, second, left);
    putLanes<T>(parameter, v128.sub<T>(v128.mul<T>(keep, theta), step), left);
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
  const rates = v128.splat<T>(rate);
  const alphas = v128.splat<T>(alpha);
  const fresh = v128.splat<T>(<T>(<T>1 - alpha));
  const epsilons = v128.splat<T>(epsilon);
  const decays = v128.splat<T>(weightDecay);
  const lanes: i32 = 16 / sizeof<T>();
  for (let left = n; left > 0; left -= lanes, parameter += 16, gradient += 16, meanSquare += 16) {
    const theta = v128.load(parameter);
    const g = v128.add<T>(v128.load(gradient), v128.mul<T>(decays, theta));
    const s = v128.add<T>(v128.mul<T>(alphas, v128.load(meanSquare)), v128.mul<T>(fresh, v128.mul<T>(g, g)));
    const step = v128.div<T>(v128.mul<T>(rates, g), v128.add<T>(v128.sqrt<T>(s), epsilons));
    putLanes<T>(meanSquare, s, left);
    putLanes<T>(parameter, v128.sub<T>(theta, step), left);
  }
}
