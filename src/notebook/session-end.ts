import { sessionFailure, type CellFailure, type CellSource } from './cell-failure.js';
import type { ChildEnd } from './session-child.js';
import { lostChannelCode, type StackFrame } from './session-messages.js';

/** What a session reported before its process ended. */
export interface SessionTrace {
  /** A cell called `process.exit`. */
  readonly exit: { readonly call: string; readonly frames: readonly StackFrame[] } | undefined;
  /** The notebook had drained: what was still running then, and the exit code that its cells had set. */
  readonly drained: { readonly left: readonly string[]; readonly exitCode: string } | undefined;
  readonly outOfMemory: boolean;
  readonly memoryLimit: number;
}

/** The reports of a crash by V8 and Node have addresses and times in them, which say nothing and differ each time. */
export function withoutCrashReport(text: string): { text: string; outOfMemory: boolean } {
  const outOfMemory = /FATAL ERROR:.*(heap|memory)/i.test(text);
  const report = outOfMemory
    ? /\n*<--- Last few GCs --->[^]*/
    : /^.*async hook stack has become corrupted[^]*Native stack trace[^]*/m;
  return { text: text.replace(report, ''), outOfMemory };
}

/** The failure that the end of a session's process means; none when the notebook had come to its end and left nothing. */
export function endFailure(cell: CellSource, end: ChildEnd, trace: SessionTrace): CellFailure | undefined {
  const { code, signal, leftProcesses } = end;
  const { exit, drained } = trace;
  const failed = (name: string, message: string) => sessionFailure(cell, name, message, exit?.frames);
  if (exit) return failed('ProcessExit', `The cell ended its own process by ${exit.call}.`);
  if (drained && drained.left.length > 0) {
    const left = listed(drained.left);
    return failed('LeftRunning', `After the last cell this was still running: ${left}. End it in a cell.`);
  }
  if (leftProcesses) {
    return failed('LeftRunning', 'A process that the notebook started was still running. End it in a cell.');
  }
  if (code === lostChannelCode) {
    return failed('OutputLost', 'A cell closed the descriptor by which its output leaves the process.');
  }
  if (drained && code === 0) return undefined;
  if (drained?.exitCode === String(code)) {
    return failed('ExitCode', `The notebook set process.exitCode to ${code}, which means that it failed.`);
  }
  if (trace.outOfMemory) {
    return failed('MemoryLimit', `The cell used more than its ${trace.memoryLimit} MB of memory.`);
  }
  return failed('ProcessExit', `The process of the notebook ended with ${signal ?? `code ${code}`}.`);
}

/** Node's names of active resources, in the words of a reader. */
function listed(resources: readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    Timeout: 'a timer',
    Immediate: 'an immediate callback',
    ProcessWrap: 'a child process',
    TCPServerWrap: 'a server',
    TCPSocketWrap: 'a connection',
    PipeWrap: 'a pipe',
    MessagePort: 'a worker or message port',
    FSEventWrap: 'a file watcher',
  };
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const name = names[resource] ?? resource;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Array.from(counts, ([name, count]) => (count > 1 ? `${name} (${count} times)` : name)).join(', ');
}
