import type { BenchRecord, BenchRow } from '../dist/figures/bench-record.js';

/** The measurements as Markdown: a section a workload, with how many times our own time everybody takes. */
export function markdown({
  machine,
  date,
  versions,
  workloads,
  variants,
  absent,
  rows,
}: BenchRecord): string {
  const title = new Map(variants.map((variant) => [variant.name, variant.title]));
  const sections = workloads.map((workload) => {
    const own = rows.filter((row) => row.workload === workload.name);
    const ours = own.find(({ variant }) => variant === 'gradbook');
    const lines = own.map(
      (row) =>
        `| ${title.get(row.variant)} | ${shown(row.median_us)} | ${shown(row.minimum_us)} | ${ratio(row, ours)} |`,
    );
    const head = `## ${workload.title}\n\n| | median | minimum | times ours |\n|---|---:|---:|---:|\n`;
    return `${head}${lines.join('\n')}\n`;
  });
  const made = Object.entries(versions).map(([name, version]) => `${name} ${version.replace(/^v/, '')}`);
  const missing = absent.map(({ variant, why }) => `- Left out: ${variant} (${why})\n`).join('');
  const where = `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`;
  return (
    `# Measured on ${date}\n\n${where}; ${made.join(', ')}. CPU time of one core unless it says wall-clock time; ` +
    `one process a variant, alternating.\n\n${missing}${missing && '\n'}${sections.join('\n')}`
  );
}

function ratio(row: BenchRow, ours: BenchRow | undefined): string {
  return ours === undefined ? '' : (row.median_us / ours.median_us).toFixed(2);
}

function shown(microseconds: number): string {
  if (microseconds < 1000) return `${microseconds.toPrecision(3)} µs`;
  if (microseconds < 1e6) return `${(microseconds / 1000).toPrecision(3)} ms`;
  return `${(microseconds / 1e6).toPrecision(3)} s`;
}
