import type { Place } from './positions.js';
import type { CompiledCell } from './compiled-cell.js';

/** What the front sends to the process that runs cells. */
export type SessionCommand =
  | { readonly type: 'start'; readonly token: string }
  | { readonly type: 'execute'; readonly cell: number; readonly program: CompiledCell }
  | { readonly type: 'drain'; readonly limit: number };

export interface StackFrame {
  readonly function: string;
  /** The cell it is in, or else the file. */
  readonly cell?: number;
  readonly file?: string;
  readonly library: boolean;
  readonly place?: Place;
}

/** A thrown value, made ready to travel. */
export interface ThrownValue {
  readonly name: string;
  readonly message: string;
  readonly frames: readonly StackFrame[];
  readonly cause?: ThrownValue;
}

/** What the process that runs cells sends to the front, in the order in which it happened. */
export type SessionMessage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'stream';
      readonly cell: number;
      readonly name: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'display' | 'result';
      readonly cell: number;
      readonly data: Bundle;
      readonly metadata: Bundle;
      /** The name under which later messages replace what is shown. */
      readonly id?: string;
      /** This replaces what was shown under that name. */
      readonly update?: boolean;
    }
  /** The outputs of the cell so far vanish: at once, or when the next one arrives. */
  | { readonly type: 'clear'; readonly cell: number; readonly wait: boolean }
  /** How far the cell is: no output, and in the place of what was told before; nothing more when the text is empty. */
  | { readonly type: 'progress'; readonly text: string }
  /** Text that other programs wrote to the inherited descriptors until mark `mark` is to be taken now. */
  | { readonly type: 'barrier'; readonly cell: number; readonly mark: number; readonly lost: boolean }
  | { readonly type: 'thrown'; readonly error: ThrownValue; readonly late: boolean }
  | { readonly type: 'fault'; readonly name: string; readonly message: string; readonly survived?: true }
  | { readonly type: 'exit'; readonly call: string; readonly frames: readonly StackFrame[] }
  | { readonly type: 'done'; readonly cell: number }
  | { readonly type: 'drained'; readonly left: readonly string[]; readonly exitCode: string };

export type Bundle = Record<string, unknown>;

/** What the front asks of the thread beside the cells. */
export interface ControlCommand {
  readonly type: 'where' | 'interrupt';
}

/** Where the cells are: the script names are those that a stack would have. */
export interface ControlReply {
  readonly type: 'where';
  readonly frames: readonly { readonly function: string; readonly script: string; readonly place: Place }[];
}

/** The name under which a cell's program runs. */
export function scriptName(cell: number): string {
  return `gradbook:cell/${cell}`;
}

/** The number of the cell that a script name stands for. */
export function cellOfScript(script: string): number | undefined {
  const number = /^gradbook:cell\/(\d+)$/.exec(script)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The descriptors by which the two processes talk. */
export const messageDescriptor = 3;
export const commandDescriptor = 4;
export const controlDescriptor = 5;

/** The exit code of a session that can no longer send messages. */
export const lostChannelCode = 97;

/** The line that the session puts into the inherited descriptors, so that the front knows what came before it. */
export function barrierLine(token: string, mark: number): string {
  return `\u0000${token}:${mark}\n`;
}
