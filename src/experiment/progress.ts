import { bar, LiveLines } from './live-lines.js';
import type { Plan, ProgressEvent } from './run-events.js';

/** Reports experiments on a stream: on a terminal a bar for each that runs, and everywhere a line for each that is over. */
export function experimentProgress(stream: NodeJS.WriteStream): {
  readonly tell: (event: ProgressEvent) => void;
  readonly end: () => void;
} {
  const states = new Map<string, State>();
  const running = () => [...states.values()].filter(({ begun, left }) => begun !== undefined && left > 0);
  const width = () => Math.max(0, ...running().map(({ plan }) => plan.experiment.length));
  const live = new LiveLines(stream, () => running().map((state) => barOf(state, width())));

  const tell = (event: ProgressEvent): void => {
    if (event.kind === 'planned') plan(event.experiments);
    else {
      const line = noteLine(event);
      if (line !== undefined) live.print(line);
      const state = states.get(event.experiment);
      if (state !== undefined) count(state, event.kind);
    }
  };
  return { tell, end: () => live.end() };

  function plan(plans: readonly Plan[]): void {
    for (const plan of plans) {
      const state: State = { plan, begun: undefined, epochs: 0, left: plan.missing, failed: 0 };
      states.set(plan.experiment, state);
      if (state.left === 0) live.print(resultLine(state));
    }
    live.begin();
  }

  function count(state: State, kind: ProgressEvent['kind']): void {
    state.begun ??= performance.now();
    if (kind === 'epoch') state.epochs += 1;
    if (kind !== 'finished' && kind !== 'failed') return;
    state.left -= 1;
    if (kind === 'failed') state.failed += 1;
    if (state.left === 0) live.print(resultLine(state));
  }
}

interface State {
  readonly plan: Plan;
  /** When the first of its trials told of itself, in milliseconds of a clock that shows no result. */
  begun: number | undefined;
  epochs: number;
  left: number;
  failed: number;
}

function noteLine(event: Exclude<ProgressEvent, { kind: 'planned' }>): string | undefined {
  if (event.kind !== 'redone' && event.kind !== 'failed') return undefined;
  const trial = `${event.experiment}, seed ${event.seed}`;
  return event.kind === 'failed'
    ? `✗ ${trial} failed: ${event.reason}`
    : `! ${trial} is made again: ${event.reason}`;
}

function barOf({ plan, begun, epochs }: State, width: number): string {
  return `${plan.experiment.padEnd(width)} ${bar(epochs, plan.epochs, 'epochs', secondsSince(begun))}`;
}

function resultLine({ plan, begun, epochs, failed }: State): string {
  const { experiment, trials, stored } = plan;
  const seconds = secondsSince(begun);
  const parts = [
    `${trials} ${trials === 1 ? 'trial' : 'trials'}`,
    ...(stored > 0 ? [`${stored} from the store`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(epochs > 0 ? [`${seconds.toFixed(1)} s, ${(epochs / seconds).toFixed(1)} epochs a second`] : []),
  ];
  return `${failed > 0 ? '✗' : '✓'} ${experiment}: ${parts.join(', ')}`;
}

function secondsSince(begun: number | undefined): number {
  return begun === undefined ? 0 : Math.max(0.001, (performance.now() - begun) / 1000);
}
