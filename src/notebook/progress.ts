import type { RunEvents, NotebookResult } from './runner.js';

/** Reports a run on a stream: a bar with rate and time left on a terminal, else one line a notebook. */
export function runProgress(
  stream: NodeJS.WriteStream,
  verbose: boolean,
): Required<RunEvents> & { end(): void } {
  const terminal = stream.isTTY && !verbose;
  const start = performance.now();
  const running = new Map<string, string>();
  let total = 0;
  let done = 0;
  let begun = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const line = (text: string) => stream.write(`${terminal ? '\r\u001b[K' : ''}${text}\n`);
  const draw = () => stream.write(`\r\u001b[K${barLine()}`);
  return {
    planned(notebooks) {
      begun = new Map();
      total = notebooks.reduce((sum, { cells }) => sum + cells, 0);
      if (terminal) timer = setInterval(draw, 100).unref();
    },
    cell(path, number, count) {
      done += number - 1 - (begun.get(path) ?? 0);
      begun.set(path, number - 1);
      running.set(path, `${nameOf(path)} ${number}/${count}`);
      if (verbose) line(`${path}: cell ${number} of ${count}`);
    },
    finished(result) {
      done += result.cells - (begun.get(result.path) ?? 0);
      running.delete(result.path);
      line(resultLine(result));
    },
    end() {
      clearInterval(timer);
      if (terminal) stream.write('\r\u001b[K');
    },
  };

  function barLine(): string {
    const seconds = (performance.now() - start) / 1000;
    const rate = done / seconds;
    const width = 20;
    const filled = Math.floor((width * done) / Math.max(1, total));
    const left = done > 0 ? `${Math.ceil((total - done) / rate)} s left` : 'starting';
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    const text = `${bar} ${done}/${total} cells, ${rate.toFixed(1)} a second, ${left}  ${Array.from(running.values()).join(', ')}`;
    return text.slice(0, (stream.columns || 80) - 1);
  }
}

function resultLine({ path, status, cells, seconds }: NotebookResult): string {
  const mark = { passed: '✓', failed: '✗', stopped: '–' }[status];
  return `${mark} ${path} ${status} (${cells} ${cells === 1 ? 'cell' : 'cells'}, ${seconds.toFixed(1)} s)`;
}

function nameOf(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.ipynb$/, '');
}
