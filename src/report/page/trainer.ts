// The worker of the page: it carries the library, and carries out one training.
import { synthForm, synthThreshold } from '../../data/synth.js';
import { classGrid } from '../../experiment/boundary.js';
import { runTrial } from '../../experiment/trial.js';
import type { Mlp } from '../../nn/mlp.js';
import { extent, type Grid, type Order, type Report } from './messages.js';

const scope = globalThis as unknown as {
  onmessage: ((event: { data: Order }) => void) | null;
  postMessage(report: Report): void;
};

scope.onmessage = ({ data }) => void carryOut(data);

async function carryOut({ trial, grid }: Order): Promise<void> {
  try {
    if (grid !== undefined) scope.postMessage({ kind: 'truth', truth: truth() });
    const run = await runTrial(trial, {
      onEpoch: (record, model) =>
        scope.postMessage({
          kind: 'epoch',
          record,
          ...(grid !== undefined && { answers: answersOf(model, grid) }),
        }),
    });
    scope.postMessage({ kind: 'done', run });
  } catch (error) {
    scope.postMessage({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

function answersOf(model: Mlp, points: number): Grid {
  return { points, classes: Uint8Array.from(classGrid(model, { extent, points }).classes.flat()) };
}

/** The true classes, on a finer grid, so that their boundary is smooth. */
function truth(): Grid {
  const points = 181;
  const side = Array.from({ length: points }, (_, k) => (extent * (2 * k - (points - 1))) / (points - 1));
  const classes = side.flatMap((y) => side.map((x) => (synthForm(x, y) > synthThreshold ? 1 : 0)));
  return { points, classes: Uint8Array.from(classes) };
}
