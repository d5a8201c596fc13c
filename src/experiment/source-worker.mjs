// A thread that runs TypeScript: threads do not inherit the compiler of `node --import tsx`, so it registers one itself.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
