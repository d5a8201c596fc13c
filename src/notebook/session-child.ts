import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Duplex, Readable, Writable } from 'node:stream';

import { childEnvironment, nodeArguments, optimizeAfter } from './child-entry.js';
import { endProcesses, processesLeft, sessionVariable } from './left-processes.js';
import { InheritedText } from './inherited-text.js';
import { readLines } from './message-channel.js';
import {
  commandDescriptor,
  controlDescriptor,
  messageDescriptor,
  type ControlCommand,
  type ControlReply,
  type SessionCommand,
  type SessionMessage,
} from './session-messages.js';

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Processes that the cells started and that outlived the session; they have been stopped. */
  readonly leftProcesses: boolean;
}

export interface ChildEvents {
  message(message: SessionMessage): void;
  /** Text of another program, in its place in the order of the messages. */
  inherited(cell: number, name: 'stdout' | 'stderr', text: string): void;
  /** The process has ended and all that it wrote has been handed over. */
  ended(end: ChildEnd): void;
}

/** The process that runs cells, as the front sees it: one ordered sequence of messages and texts, then its end. */
export class SessionChild {
  private readonly process: ChildProcess;
  private readonly token = randomUUID();
  private readonly session = randomUUID();
  private readonly queue: SessionMessage[] = [];
  private readonly inherited: Readonly<Record<'stdout' | 'stderr', InheritedText>>;
  private readonly control: Duplex;
  private frames: ((frames: ControlReply['frames']) => void) | undefined;
  private cell = 0;
  private end: ChildEnd | undefined;
  private messagesEnded = false;
  private handedOver = false;
  private killed = false;

  constructor(
    directory: string,
    memoryLimit: number,
    private readonly events: ChildEvents,
  ) {
    // Later than that, training would be slower: it is what most sessions that take long do.
    const late = optimizeAfter(500_000);
    const flags = ['--no-warnings', `--max-old-space-size=${memoryLimit}`, ...late];
    this.process = spawn(process.execPath, nodeArguments('session-process', flags), {
      cwd: directory,
      env: { ...childEnvironment(), [sessionVariable]: this.session },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const changed = () => this.pump();
    this.inherited = {
      stdout: new InheritedText(this.process.stdout!, this.token, changed),
      stderr: new InheritedText(this.process.stderr!, this.token, changed),
    };
    const messages = this.process.stdio[messageDescriptor] as Readable;
    readLines(messages, (line) => this.receive(line));
    messages.on('close', () => {
      this.messagesEnded = true;
      this.pump();
    });
    this.process.stdio[commandDescriptor]!.on('error', () => undefined);
    this.control = (this.process.stdio as readonly unknown[])[controlDescriptor] as Duplex;
    this.control.on('error', () => undefined);
    readLines(this.control, (line) => {
      this.frames?.(framesIn(line));
      this.frames = undefined;
    });
    this.process.on('error', (error) => {
      this.queue.push({ type: 'fault', name: 'ProcessStart', message: error.message });
      this.exited(null, null);
    });
    this.process.on('exit', (code, signal) => this.exited(code, signal));
    this.send({ type: 'start', token: this.token });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get running(): boolean {
    return this.end === undefined;
  }

  send(command: SessionCommand): void {
    if (command.type === 'execute') this.cell = command.cell;
    (this.process.stdio[commandDescriptor] as Writable).write(JSON.stringify(command) + '\n');
  }

  /** The stack of what runs now; empty when nothing runs, or when there is no answer in time. */
  where(): Promise<ControlReply['frames']> {
    const patience = 1000;
    return new Promise((resolve) => {
      this.frames = resolve;
      setTimeout(() => resolve([]), patience);
      this.command({ type: 'where' });
    });
  }

  /** Makes the running cell fail, whatever it does; the session goes on. */
  interrupt(): void {
    this.command({ type: 'interrupt' });
  }

  private command(command: ControlCommand): void {
    this.control.write(JSON.stringify(command) + '\n');
  }

  /** Ends the process and all that it started; what it wrote before is still handed over. */
  kill(): void {
    this.killed = true;
    endProcesses(this.process.pid, this.session);
  }

  private receive(line: string): void {
    const message =
      'A cell wrote to a descriptor that belongs to the session, or broke what it sends with; its output is not complete.';
    this.queue.push(this.messageIn(line) ?? { type: 'fault', name: 'OutputLost', message });
    this.pump();
  }

  private messageIn(line: string): SessionMessage | undefined {
    if (!line.startsWith(`${this.token} `)) return undefined;
    const message = parsed(line.slice(this.token.length + 1)) as SessionMessage | undefined;
    return typeof message?.type === 'string' ? message : undefined;
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    const grace = processesLeft(this.process.pid, this.session) ? 150 : 0;
    setTimeout(() => {
      const leftProcesses = endProcesses(this.process.pid, this.session);
      this.end = { code, signal, leftProcesses: leftProcesses && !this.killed };
      this.pump();
      const patience = 1000;
      setTimeout(() => this.handOver(), patience).unref();
    }, grace);
  }

  /** Hands over messages in order; a barrier waits until the text before it has arrived on both descriptors. */
  private pump(): void {
    for (let message = this.queue[0]; message; message = this.queue[0]) {
      if (message.type === 'barrier') {
        const { mark, lost, cell } = message;
        const texts = Object.values(this.inherited);
        if (!lost && !texts.every((text) => text.has(mark) || text.ended)) return;
        this.queue.shift();
        this.handInherited(cell, false);
        if (lost || !texts.every((text) => text.has(mark))) {
          this.events.message({
            type: 'fault',
            name: 'OutputLost',
            message: 'A cell closed or replaced stdout or stderr: what was written there is lost.',
          });
        }
      } else {
        this.queue.shift();
        this.events.message(message);
      }
    }
    const texts = Object.values(this.inherited);
    if (this.end && this.messagesEnded && texts.every((text) => text.ended)) this.handOver();
  }

  private handOver(): void {
    if (this.handedOver || !this.end) return;
    this.handedOver = true;
    for (const message of this.queue.splice(0)) {
      if (message.type !== 'barrier') this.events.message(message);
    }
    this.handInherited(this.cell, true);
    this.events.ended(this.end);
  }

  private handInherited(cell: number, rest: boolean): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const text = this.inherited[name].takeText(rest);
      if (text) this.events.inherited(cell, name, text);
    }
  }
}

/** A cell can write to the descriptor too: what is no answer holds no frames. */
function framesIn(line: string): ControlReply['frames'] {
  const frames = (parsed(line) as Partial<ControlReply> | undefined)?.frames;
  if (!Array.isArray(frames)) return [];
  return (frames as ControlReply['frames']).filter(
    (frame: unknown) => typeof frame === 'object' && frame !== null && 'script' in frame && 'place' in frame,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
