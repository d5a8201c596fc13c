import { barrierLine } from './session-messages.js';

/** What programs that a cell starts write to a descriptor that they inherit, cut at the marks of the session. */
export class InheritedText {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly segments: string[] = [];
  private rest = '';
  private mark = 0;
  ended = false;

  constructor(
    stream: NodeJS.ReadableStream,
    private readonly token: string,
    private readonly changed: () => void,
  ) {
    stream.on('data', (chunk: Buffer) => this.take(chunk));
    stream.on('error', () => this.end());
    stream.on('close', () => this.end());
  }

  /** Whether everything that was written before the mark is here. */
  has(mark: number): boolean {
    return this.mark >= mark;
  }

  /** The text up to the last mark; with `rest`, all of it. */
  takeText(rest = false): string {
    const text = this.segments.join('') + (rest ? this.rest : '');
    this.segments.length = 0;
    if (rest) this.rest = '';
    return text;
  }

  private take(chunk: Buffer): void {
    this.rest += this.decoder.decode(chunk, { stream: true });
    for (;;) {
      const line = barrierLine(this.token, this.mark + 1);
      const at = this.rest.indexOf(line);
      if (at < 0) break;
      this.segments.push(this.rest.slice(0, at));
      this.rest = this.rest.slice(at + line.length);
      this.mark++;
    }
    this.changed();
  }

  private end(): void {
    this.ended = true;
    this.changed();
  }
}
