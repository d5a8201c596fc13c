import type { PointRecipe } from '../../experiment/experiment.js';
import type { Activation } from '../../nn/mlp.js';
import { element } from './elements.js';
import { LineChart } from './line-chart.js';
import { Plane } from './plane.js';
import { publishedRuns } from './rerun.js';
import { activations, choices, defaults, hashOf, type Settings, settingsFrom, trialOf } from './settings.js';
import { startTraining } from './training.js';

/** Lets the reader train networks of their own: sliders, the boundary as it forms, and an address that keeps the settings. */
export function startExplorer(): void {
  const place = document.getElementById('explore');
  const recipe = publishedRuns()[0]?.[1][0]?.experiment;
  if (place === null || recipe === undefined) return;
  const explorer = new Explorer(place, recipe);
  place.hidden = false;
  const follow = () => {
    const settings = settingsFrom(location.hash);
    if (settings === undefined) return;
    place.scrollIntoView();
    explorer.take(settings);
  };
  addEventListener('hashchange', follow);
  follow();
}

type Slider = keyof typeof choices;

const names: Readonly<Record<Slider, string>> = {
  rate: 'Learning rate',
  hidden: 'Hidden units',
  scale: 'Std of initial weights',
  seed: 'Seed',
};

class Explorer {
  private readonly sliders = new Map<Slider, { input: HTMLInputElement; output: HTMLElement }>();
  private readonly activation = element('select');
  private readonly button = element('button', { type: 'button' }, 'Train');
  private readonly status = element('p', { class: 'verdict', role: 'status' });
  private readonly plane = new Plane();
  private readonly chart = new LineChart({
    title: 'Validation accuracy',
    epochs: 20,
    domain: [0.4, 1],
    percent: true,
  });
  private readonly pictures = element(
    'div',
    { class: 'charts', hidden: '' },
    this.plane.node,
    this.chart.node,
  );
  private stop: (() => void) | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    place: HTMLElement,
    private readonly recipe: PointRecipe,
  ) {
    const controls = element(
      'div',
      { class: 'sliders' },
      ...(Object.keys(choices) as Slider[]).map((name) => this.slider(name)),
    );
    for (const name of activations) this.activation.append(element('option', {}, name));
    controls.append(element('label', {}, element('span', {}, 'Activation'), this.activation), this.button);
    place.append(controls, this.pictures, this.status);
    this.show(defaults);
    this.activation.addEventListener('change', () => this.changed());
    this.button.addEventListener('click', () =>
      this.stop === undefined ? this.train() : this.end('Stopped.'),
    );
  }

  /** Sets the sliders and trains. */
  take(settings: Settings): void {
    this.show(settings);
    this.train();
  }

  private slider(name: Slider): HTMLElement {
    const last = String(choices[name].length - 1);
    const input = element('input', { type: 'range', min: '0', max: last, step: '1' });
    const output = element('span', { class: 'value', 'aria-hidden': 'true' }); // an <output> would take the label from the slider
    this.sliders.set(name, { input, output });
    input.addEventListener('input', () => {
      this.write(name);
      this.changed();
    });
    return element('label', {}, element('span', {}, names[name], ' ', output), input);
  }

  private show(settings: Settings): void {
    for (const [name, { input }] of this.sliders) {
      input.value = String((choices[name] as readonly number[]).indexOf(settings[name]));
      this.write(name);
    }
    this.activation.value = settings.activation;
  }

  private write(name: Slider): void {
    const { input, output } = this.sliders.get(name)!;
    const value = String(choices[name][Number(input.value)]);
    output.textContent = value;
    input.setAttribute('aria-valuetext', value);
  }

  private settings(): Settings {
    const value = (name: Slider) => choices[name][Number(this.sliders.get(name)!.input.value)]!;
    const activation = this.activation.value as Activation;
    return {
      rate: value('rate'),
      hidden: value('hidden'),
      scale: value('scale'),
      seed: value('seed'),
      activation,
    };
  }

  /** A slider that is dragged asks many times: only the last counts. */
  private changed(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.train(), 120);
  }

  private train(): void {
    this.stop?.();
    const settings = this.settings();
    history.replaceState(null, '', hashOf(settings));
    this.chart.clear();
    this.pictures.hidden = false;
    this.button.textContent = 'Stop';
    let last = '';
    this.stop = startTraining({ trial: trialOf(this.recipe, settings), grid: 61 }, (report) => {
      if (report.kind === 'truth') this.plane.showTruth(report.truth);
      else if (report.kind === 'epoch') {
        const { epoch, validationAccuracy, validationLoss } = report.record;
        this.chart.add(epoch, validationAccuracy);
        if (report.answers !== undefined) this.plane.showAnswers(report.answers, epoch);
        last = `after epoch ${epoch}: validation accuracy ${(validationAccuracy * 100).toFixed(1)}%, loss ${validationLoss.toPrecision(3)}`;
      } else if (report.kind === 'failed') this.end(`The training failed: ${report.reason}`);
      else {
        const { stopped } = report.run;
        const halt =
          stopped === undefined
            ? ''
            : `; stopped in epoch ${stopped.epoch}: ${stopped.parameter}: ${stopped.reason}`;
        this.end(`Trained, ${last}${halt}.`);
      }
    });
  }

  private end(text: string): void {
    this.stop?.();
    this.stop = undefined;
    this.button.textContent = 'Train';
    this.status.textContent = text;
  }
}
