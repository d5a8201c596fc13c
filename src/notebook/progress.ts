import { bar, LiveLines } from '../experiment/live-lines.js';
import type { RunEvents, NotebookResult } from './runner.js';

/** Reports a run on a stream: a bar with rate and time left on a terminal, else one line a notebook. */
export function runProgress(
  stream: NodeJS.WriteStream,
  verbose: boolean,
): Required<RunEvents> & { end(): void } {
  const start = performance.now();
  const running = new Map<string, { at: string; since: number }>();
  let total = 0;
  let done = 0;
  let begun = new Map<string, number>();
  const live = new LiveLines(stream, () => [barLine()], stream.isTTY && !verbose);
  return {
    planned(notebooks) {
      begun = new Map();
      total = notebooks.reduce((sum, { cells }) => sum + cells, 0);
      live.begin();
    },
    cell(path, number, count) {
      done += number - 1 - (begun.get(path) ?? 0);
      begun.set(path, number - 1);
      running.set(path, { at: `${nameOf(path)} ${number}/${count}`, since: performance.now() });
      if (verbose) live.print(`${path}: cell ${number} of ${count}`);
    },
    finished(result) {
      done += result.cells - (begun.get(result.path) ?? 0);
      running.delete(result.path);
      live.print(resultLine(result));
    },
    end() {
      live.end();
    },
  };

  function barLine(): string {
    const seconds = (performance.now() - start) / 1000;
    const notebooks = Array.from(running.values(), ({ at, since }) => `${at} ${secondsSince(since)} s`);
    return `${bar(done, total, 'cells', seconds)}  ${notebooks.join(', ')}`;
  }
}

/** The time that a cell has taken so far. */
function secondsSince(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(0);
}

function resultLine({ path, status, cells, seconds }: NotebookResult): string {
  const mark = { passed: '✓', failed: '✗', stopped: '–' }[status];
  return `${mark} ${path} ${status} (${cells} ${cells === 1 ? 'cell' : 'cells'}, ${seconds.toFixed(1)} s)`;
}

function nameOf(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.ipynb$/, '');
}
