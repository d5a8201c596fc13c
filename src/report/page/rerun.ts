import { decodeRuns, type PublishedRun } from '../../figures/published-run.js';
import { element } from './elements.js';
import { LineChart, type Point } from './line-chart.js';
import { startTraining } from './training.js';
import { verdictOn } from './verdict.js';

/** Puts below each training figure what trains one of its runs again in this browser and compares. */
export function startReruns(): void {
  for (const [label, runs] of publishedRuns()) {
    const place = document.querySelector(`[data-rerun="${label}"]`);
    if (place instanceof HTMLElement) new Rerun(place, runs);
  }
}

/** The runs that the page carries, by the labels of their figures. */
export function publishedRuns(): [label: string, runs: PublishedRun[]][] {
  const text = document.getElementById('published-runs')?.textContent ?? '{}';
  const byLabel = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.entries(byLabel).map(([label, value]) => [label, decodeRuns(value)]);
}

class Rerun {
  private readonly choice = element('select');
  private readonly start = element('button', { type: 'button' }, 'Train it again in this browser');
  private readonly cancel = element('button', { type: 'button', hidden: '' }, 'Cancel');
  private readonly progress = element('progress', {
    max: '1',
    value: '0',
    hidden: '',
    'aria-label': 'epochs',
  });
  private readonly verdict = element('p', { class: 'verdict', role: 'status' });
  private readonly charts = element('div', { class: 'charts' });
  private stop: (() => void) | undefined;

  constructor(
    place: HTMLElement,
    private readonly runs: readonly PublishedRun[],
  ) {
    for (const { series, seed } of runs) this.choice.append(element('option', {}, `${series}, seed ${seed}`));
    const label = element('label', {}, 'One of its runs: ', this.choice);
    place.append(
      element('div', { class: 'controls' }, label, this.start, this.cancel, this.progress),
      this.charts,
      this.verdict,
    );
    place.hidden = false;
    this.start.addEventListener('click', () => this.train());
    this.cancel.addEventListener('click', () => this.end('Called off.'));
    this.choice.addEventListener('change', () => {
      this.end('');
      this.charts.replaceChildren();
    });
  }

  private train(): void {
    const published = this.runs[this.choice.selectedIndex]!;
    const { experiment, seed, run } = published;
    const { loss, accuracy } = chartsOf(published);
    this.charts.replaceChildren(loss.node, accuracy.node);
    this.running(true);
    this.progress.max = experiment.epochs;
    this.say('Training …', '');
    this.stop = startTraining({ trial: { experiment, seed } }, (report) => {
      if (report.kind === 'epoch') {
        const { epoch, trainingLoss, validationAccuracy } = report.record;
        loss.add(epoch, trainingLoss);
        accuracy.add(epoch, validationAccuracy);
        this.progress.value = epoch;
      } else if (report.kind === 'done') {
        const { identical, text } = verdictOn(run, report.run);
        this.end(text, identical ? 'identical' : 'different');
      } else if (report.kind === 'failed') this.end(`The training failed: ${report.reason}`, 'different');
    });
  }

  private end(text: string, outcome = ''): void {
    this.stop?.();
    this.stop = undefined;
    const focused = document.activeElement === this.cancel;
    this.running(false);
    if (focused) this.start.focus();
    this.say(text, outcome);
  }

  private running(now: boolean): void {
    this.start.hidden = now;
    this.cancel.hidden = !now;
    this.progress.hidden = !now;
    this.progress.value = 0;
  }

  private say(text: string, outcome: string): void {
    this.verdict.textContent = text;
    this.verdict.dataset['outcome'] = outcome;
  }
}

function chartsOf({ run, experiment: { epochs } }: PublishedRun): { loss: LineChart; accuracy: LineChart } {
  const points = (value: (record: (typeof run.history)[number]) => number | undefined): Point[] =>
    run.history.flatMap((record): Point[] => {
      const found = value(record);
      return found === undefined || !Number.isFinite(found) ? [] : [[record.epoch, found]];
    });
  const losses = points(({ trainingLoss }) => trainingLoss);
  const accuracies = points(({ validationAccuracy }) => validationAccuracy);
  const first = run.history[0]?.validationLoss ?? 1;
  const highest = Math.min(Math.max(...losses.map(([, value]) => value), 0), 1.6 * first) || 1;
  const lowest = Math.min(1, ...accuracies.map(([, value]) => value));
  return {
    loss: new LineChart({ title: 'Training loss', epochs, domain: [0, highest * 1.05], published: losses }),
    accuracy: new LineChart({
      title: 'Validation accuracy',
      epochs,
      domain: [Math.floor(lowest * 10) / 10, 1],
      percent: true,
      published: accuracies,
    }),
  };
}
