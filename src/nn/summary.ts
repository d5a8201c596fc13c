import type { Displayable, MimeBundle } from '../tensor/display.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { Chain, trace } from './chain.js';
import { aModel, type Module } from './module.js';
import { lengths, requireKinds } from '../tensor/arguments.js';

/** A row of a summary: a layer, what it is, the shape of its output without the batch axis, and its parameters. */
export type SummaryRow = readonly [layer: string, kind: string, output: string, parameters: number];

/** The layers of a model as plain data, to be shown or made a table. */
export interface Summary extends Displayable {
  readonly columns: readonly ['layer', 'kind', 'output', 'parameters'];
  readonly rows: readonly SummaryRow[];
  /** Numbers in all parameters; one that is shared counts once, at its first layer. */
  readonly parameters: number;
  toString(): string;
  display(): MimeBundle;
}

/**
 * The layers of a model, the shapes of what leaves them and their parameters; a model that is no chain is one layer.
 * @throws ShapeError that prints the shapes up to the layer that such an instance does not fit.
 * @example summary(convNet({ channels: 3, size: 32, classes: 10 }), [3, 32, 32])
 */
export function summary(model: Module, instance: Shape): Summary {
  requireKinds('summary', { model, instance }, { model: aModel, instance: lengths });
  const counted = new Set<Tensor>();
  const rows = (
    model instanceof Chain
      ? trace(model.steps(), instance)
      : [{ path: 'model', part: model, output: model.outputShape(instance) }]
  ).map(({ path, part, output }): SummaryRow => {
    const fresh = Object.values(part.state()).filter((own) => own.requiresGrad && !counted.has(own));
    for (const parameter of fresh) counted.add(parameter);
    return [path, part.describe(), formatShape(output), fresh.reduce((total, { size }) => total + size, 0)];
  });
  const columns = ['layer', 'kind', 'output', 'parameters'] as const;
  const parameters = rows.reduce((total, [, , , count]) => total + count, 0);
  const text = written([columns, ...rows, ['in all', '', '', parameters]]);
  return {
    columns,
    rows,
    parameters,
    toString: () => text,
    display: () => ({ 'text/plain': text }),
  };
}

function written(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map((row) =>
      row.map((cell, k) => (k === 3 ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!))).join('  '),
    )
    .join('\n');
}

/** 62006 as `62,006`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
