import type { Order, Report } from './messages.js';

/** Starts a training in a worker made of the library that the page carries, and returns what calls it off. */
export function startTraining(order: Order, hear: (report: Report) => void): () => void {
  const source = document.getElementById('trainer')!.textContent;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const end = () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    if (data.kind === 'done' || data.kind === 'failed') end();
    hear(data);
  };
  worker.onerror = (event) => {
    end();
    hear({ kind: 'failed', reason: event.message || 'this browser could not start the training' });
  };
  worker.postMessage(order);
  return end;
}
