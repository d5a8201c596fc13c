import type { JsonObject } from './json.js';
import type { Output } from './nbformat.js';

/** Gathers the outputs of one cell; neighbouring pieces of one stream become one output. */
export class OutputCollector {
  private readonly outputs: Output[] = [];
  private readonly pieces: string[] = [];
  private stream: 'stdout' | 'stderr' | undefined;
  private clearsNext = false;
  /** Characters so far, all outputs together. */
  size = 0;

  /** Characters that an output counts for. */
  static sizeOf(output: Output): number {
    return 'data' in output ? sizeOf(output.data) : 0;
  }

  write(name: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    this.clearIfDue();
    if (this.stream !== name) this.endStream();
    this.stream = name;
    this.pieces.push(text);
    this.size += text.length;
  }

  add(output: Output): void {
    this.clearIfDue();
    this.endStream();
    this.outputs.push(output);
    this.size += OutputCollector.sizeOf(output);
  }

  /** Takes the outputs away, at once or before the next one. What was put out still counts. */
  clear(wait: boolean): void {
    this.clearsNext = wait;
    if (wait) return;
    this.outputs.length = 0;
    this.pieces.length = 0;
    this.stream = undefined;
  }

  all(): Output[] {
    this.endStream();
    return [...this.outputs];
  }

  private clearIfDue(): void {
    if (this.clearsNext) this.clear(false);
  }

  private endStream(): void {
    const text = this.pieces.join('');
    const last = this.outputs.at(-1);
    if (last?.output_type === 'stream' && last.name === this.stream) last.text += text;
    else if (this.stream) this.outputs.push({ output_type: 'stream', name: this.stream, text });
    this.stream = undefined;
    this.pieces.length = 0;
  }
}

function sizeOf(data: JsonObject): number {
  return Object.values(data).reduce<number>(
    (sum, item) => sum + (typeof item === 'string' ? item : JSON.stringify(item)).length,
    0,
  );
}
