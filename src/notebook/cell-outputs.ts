import type { JsonObject } from './json.js';
import type { DisplayOutput, Output } from './nbformat.js';
import { OutputCollector } from './output-collector.js';
import type { SessionMessage } from './session-messages.js';

/** What happens to the outputs of a cell, for a front that shows them while the cell runs. */
export type OutputEvent =
  | { readonly type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  /** The id is the name under which the output can be replaced. */
  | { readonly type: 'output'; readonly output: Output; readonly id?: string }
  | { readonly type: 'update'; readonly output: DisplayOutput; readonly id: string }
  | { readonly type: 'clear'; readonly wait: boolean }
  /** How far the cell is, for the time being: it is no output, and an empty text takes the line away. */
  | { readonly type: 'progress'; readonly text: string };

type Shown = Extract<SessionMessage, { type: 'display' | 'result' }>;

/** The outputs of all cells of a session; a cell that puts out more than the limit is cut there, and that is told. */
export class CellOutputs {
  private readonly collectors = new Map<number, OutputCollector>();
  private readonly named = new Map<string, DisplayOutput[]>();

  constructor(
    private readonly limit: number,
    private readonly exceeded: () => void,
    private readonly happened: (event: OutputEvent) => void = () => undefined,
  ) {}

  of(cell: number): Output[] {
    return this.collector(cell).all();
  }

  write(cell: number, name: 'stdout' | 'stderr', text: string): void {
    const collector = this.collector(cell);
    const room = Math.max(0, this.limit - collector.size);
    const within = text.slice(0, room);
    collector.write(name, within);
    if (within !== '') this.happened({ type: 'stream', name, text: within });
    if (text.length > room) this.exceeded();
  }

  show({ type, cell, data, metadata, id, update }: Shown): void {
    const content = { data: data as JsonObject, metadata: metadata as JsonObject };
    const output: Output =
      type === 'display'
        ? { output_type: 'display_data', ...content }
        : { output_type: 'execute_result', execution_count: cell, ...content };
    if (this.collector(cell).size + OutputCollector.sizeOf(output) > this.limit) this.exceeded();
    else if (id !== undefined && output.output_type === 'display_data')
      this.showNamed(cell, output, id, update ?? false);
    else this.add(cell, output);
  }

  add(cell: number, output: Output, id?: string): void {
    this.collector(cell).add(output);
    this.happened({ type: 'output', output, ...(id !== undefined && { id }) });
  }

  clear(cell: number, wait: boolean): void {
    this.collector(cell).clear(wait);
    this.happened({ type: 'clear', wait });
  }

  progress(text: string): void {
    this.happened({ type: 'progress', text });
  }

  /** Lets the outputs of a cell go: a front that has shown them needs them no more. */
  forget(cell: number): void {
    this.collectors.delete(cell);
    this.named.clear();
  }

  private showNamed(cell: number, output: DisplayOutput, id: string, update: boolean): void {
    const { data, metadata } = output;
    const shown = this.named.get(id) ?? [];
    this.named.set(id, shown);
    for (const earlier of shown) Object.assign(earlier, { data, metadata });
    if (update) {
      this.happened({ type: 'update', output, id });
    } else {
      shown.push(output);
      this.add(cell, output, id);
    }
  }

  private collector(cell: number): OutputCollector {
    let collector = this.collectors.get(cell);
    if (!collector) this.collectors.set(cell, (collector = new OutputCollector()));
    return collector;
  }
}
