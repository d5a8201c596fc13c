import { arquero } from '../experiment/arquero.js';
import { type BenchRecord, type BenchResult, benchResults, machineOf } from './bench-record.js';
import { type Figure, figure } from './figure.js';
import { legendBelow } from './line-panel.js';
import { dataTable, type DataTable } from './table.js';
import { inks, seriesColour } from './theme.js';

/** A table of recorded times: for every workload who took how long, and how many times as long as this library. */
export function benchTable(record: BenchRecord): DataTable {
  let before = '';
  const rows = benchResults(record).map(({ workloadTitle, variantTitle, median, minimum, timesOurs }) => {
    const title = workloadTitle === before ? '' : workloadTitle;
    before = workloadTitle;
    return [title, variantTitle, microseconds(median), microseconds(minimum), three(timesOurs)];
  });
  return dataTable(['workload', 'program', 'median in µs', 'least in µs', 'times ours'], rows);
}

/**
 * Draws recorded times as points on a logarithmic axis: how many times as long a program took as this library. What stands
 * right of the line at one took longer.
 */
export function benchChart(record: BenchRecord): Figure {
  const results = benchResults(record);
  const others = results.filter(({ variant }) => variant !== 'gradbook');
  const names = record.variants
    .filter(({ name }) => others.some(({ variant }) => variant === name))
    .map(({ title }) => title);
  const workloads = record.workloads.map(({ title }) => title);
  const colour = { domain: names, range: names.map((_, i) => seriesColour(i)) };
  const shape = { domain: names, range: names.map((_, i) => shapes[i % shapes.length]) };
  const legend = { ...legendBelow(names), symbolType: 'circle', symbolSize: 75 };
  return figure({
    alt: describe(record, results),
    table: arquero().from(
      others.map(({ workloadTitle, variantTitle, median, timesOurs }) => ({
        workload: workloadTitle,
        program: variantTitle,
        microseconds: median,
        timesOurs,
      })),
    ),
    spec: {
      width: 400,
      height: { step: 38 },
      encoding: {
        y: {
          field: 'workload',
          type: 'nominal',
          sort: workloads,
          title: null,
          axis: {
            labelExpr: "split(datum.label, ': ')",
            labelLimit: 260,
            labelColor: inks.text.light,
            grid: true,
          },
        },
      },
      layer: [
        {
          mark: { type: 'rule', color: inks.text.light },
          data: { values: [{}] },
          encoding: { x: { datum: 1, type: 'quantitative' }, y: null },
        },
        {
          mark: { type: 'point', filled: true, size: 75, opacity: 0.95 },
          encoding: {
            x: {
              field: 'timesOurs',
              type: 'quantitative',
              scale: { type: 'log', nice: true },
              title: 'time as a multiple of ours (right of the line is slower)',
              axis: { grid: true, format: '~g', tickCount: 6 },
            },
            color: { field: 'program', type: 'nominal', scale: colour, legend },
            shape: { field: 'program', type: 'nominal', scale: shape, legend },
          },
        },
      ],
    },
  });
}

const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross', 'triangle-right'];

function describe(record: BenchRecord, results: readonly BenchResult[]): string {
  const sentences = record.workloads.map(({ name, title }) => {
    const others = results.filter(({ workload, variant }) => workload === name && variant !== 'gradbook');
    const said = others.map(({ variantTitle, timesOurs }) => `${variantTitle} ${three(timesOurs)}`);
    return `${title}: ${said.length === 0 ? 'no other program' : said.join(', ')}.`;
  });
  return `How many times as long other programs took as gradbook, recorded on ${machineOf(record)}, ${record.date}. ${sentences.join(' ')}`;
}

/** Three digits, without a power of ten. */
function three(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function microseconds(value: number): string {
  return three(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
