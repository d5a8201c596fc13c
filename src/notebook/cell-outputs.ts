import type { JsonObject } from './json.js';
import type { Output } from './nbformat.js';
import { OutputCollector } from './output-collector.js';
import type { Bundle } from './session-messages.js';

/** The outputs of all cells of a session; a cell that puts out more than the limit is cut there, and that is told. */
export class CellOutputs {
  private readonly collectors = new Map<number, OutputCollector>();

  constructor(
    private readonly limit: number,
    private readonly exceeded: () => void,
  ) {}

  of(cell: number): Output[] {
    return this.collector(cell).all();
  }

  write(cell: number, name: 'stdout' | 'stderr', text: string): void {
    const collector = this.collector(cell);
    const room = Math.max(0, this.limit - collector.size);
    collector.write(name, text.slice(0, room));
    if (text.length > room) this.exceeded();
  }

  show(type: 'display' | 'result', cell: number, data: Bundle, metadata: Bundle): void {
    const content = { data: data as JsonObject, metadata: metadata as JsonObject };
    const output: Output =
      type === 'display'
        ? { output_type: 'display_data', ...content }
        : { output_type: 'execute_result', execution_count: cell, ...content };
    if (this.collector(cell).size + OutputCollector.sizeOf(output) > this.limit) this.exceeded();
    else this.add(cell, output);
  }

  add(cell: number, output: Output): void {
    this.collector(cell).add(output);
  }

  private collector(cell: number): OutputCollector {
    let collector = this.collectors.get(cell);
    if (!collector) this.collectors.set(cell, (collector = new OutputCollector()));
    return collector;
  }
}
