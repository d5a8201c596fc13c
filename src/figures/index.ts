export { bands, type Variant } from './bands.js';
export { type Bar, bars, type BarsOptions } from './bars.js';
export { benchChart, benchTable } from './bench-chart.js';
export { type BenchRecord, benchResults, machineOf, readBenchRecord } from './bench-record.js';
export { type ClassAccuracies, classAccuracies, classAccuracyMap } from './class-accuracy.js';
export { confusionMap, type ConfusionMapOptions } from './confusion-map.js';
export type { DataFrame } from '../experiment/data-frame.js';
export {
  type BoundaryOptions,
  type BoundaryPanel,
  decisionBoundary,
  type LabelledPoint,
} from './decision-boundary.js';
export { type DotRow, dots, type DotsOptions } from './dots.js';
export { errorCurve, type StepError } from './error-curve.js';
export { type ChartParts, type Figure, figure, type VegaLiteSpec } from './figure.js';
export { gradientNorms, type GradientVariant } from './gradient-norms.js';
export { graph, type GraphDescription, type GraphField, type GraphNode, type GraphOptions } from './graph.js';
export { heatmap, type HeatmapOptions } from './heatmap.js';
export { lossAndAccuracy, type LossAndAccuracyOptions } from './loss-and-accuracy.js';
export { type CaptionedPicture, pictureGrid, type PictureGridOptions } from './picture-grid.js';
export { stepLines, type StepPanel, type StepSeries } from './step-lines.js';
export { dataTable, type DataTable, tableType, type TableValue } from './table.js';
export { toPng, type PngOptions } from './png.js';
export { type EpochRecord, historyTable, type Run } from './run.js';
