import { inspect } from 'node:util';

import type { ThrownValue } from './session-messages.js';
import type { StackFrames } from './stack-frames.js';

/** Describes whatever a cell threw, even when it is no error or does not want to be described. */
export function describeThrown(value: unknown, stacks: StackFrames, depth = 0): ThrownValue {
  if (!isError(value))
    return {
      name: 'Thrown',
      message: `${shortened(safely(() => inspect(value), 'a value'))} (not an Error)`,
      frames: [],
    };
  const frames = safely(() => stacks.of(value), []);
  const name = safely(() => String((value.name || value.constructor.name) as unknown), 'Error');
  const message = safely(
    () => shortened(String(value.message as unknown) + errorsWithin(value)),
    '(its message cannot be read)',
  );
  const cause = safely(() => value.cause, undefined);
  return {
    name,
    message,
    frames,
    ...(cause !== undefined && depth < 5 && { cause: describeThrown(cause, stacks, depth + 1) }),
  };
}

/** The longest message that a notebook keeps. */
const longest = 10_000;

function shortened(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… (cut here: the message has ${text.length.toLocaleString('en-US')} characters)`;
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function errorsWithin(error: Error): string {
  if (!(error instanceof AggregateError)) return '';
  return error.errors
    .map((inner: unknown, index) => `\n  ${index + 1}. ${isError(inner) ? String(inner) : inspect(inner)}`)
    .join('');
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
