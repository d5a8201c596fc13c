import { exp } from './math/exp';
import { log } from './math/log';
import { sigmoid, tanh } from './math/logistic';
import { power } from './math/power';

/** e^x of one number, the same bits as the float64 kernel `exp`. */
export function expScalar(x: f64): f64 {
  return f64x2.extract_lane(exp<f64>(f64x2.splat(x)), 0);
}

/** ln x of one number, the same bits as the float64 kernel `log`. */
export function logScalar(x: f64): f64 {
  return f64x2.extract_lane(log<f64>(f64x2.splat(x)), 0);
}

/** tanh x of one number, the same bits as the float64 kernel `tanh`. */
export function tanhScalar(x: f64): f64 {
  return f64x2.extract_lane(tanh<f64>(f64x2.splat(x)), 0);
}

/** sigmoid of one number, the same bits as the float64 kernel `sigmoid`. */
export function sigmoidScalar(x: f64): f64 {
  return f64x2.extract_lane(sigmoid<f64>(f64x2.splat(x)), 0);
}

/** x^y of two numbers, the same bits as the float64 kernel `power`. */
export function powerScalar(x: f64, y: f64): f64 {
  return power<f64>(x, y);
}
