export type StreamName = 'stdout' | 'stderr';

/** Gathers what a cell prints for a moment, so that 100,000 lines are not 100,000 messages. */
export class StreamBuffer {
  private pieces: string[] = [];
  private size = 0;
  private name: StreamName = 'stdout';
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly emit: (name: StreamName, text: string) => void) {}

  write(name: StreamName, text: string): void {
    const patience = 30;
    const enough = 1_000_000;
    if (name !== this.name) this.flush();
    this.name = name;
    this.pieces.push(text);
    this.size += text.length;
    if (this.size >= enough) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), patience);
  }

  /** Hands on what has been gathered: before anything that must come after it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.pieces.join('');
    this.pieces = [];
    this.size = 0;
    if (text !== '') this.emit(this.name, text);
  }
}
