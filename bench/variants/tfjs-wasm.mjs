import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { tfjsVariant } from './tfjs.mjs';

setThreadsCount(1);

export const variant = tfjsVariant('wasm');
