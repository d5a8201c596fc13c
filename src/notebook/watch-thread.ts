/**
 * A thread beside the cells: whatever they do, it can tell where they are, interrupt them, and end the process
 * when the front is gone.
 */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

import { interruptProcesses, sessionVariable } from './left-processes.js';
import { readLines } from './message-channel.js';
import { controlDescriptor, type ControlCommand, type ControlReply } from './session-messages.js';

const control = new Socket({ fd: controlDescriptor, readable: true, writable: true });
readLines(control, (line) => obey(JSON.parse(line) as ControlCommand));
control.on('end', endProcess);
control.on('error', endProcess);

const interrupted = workerData as Int32Array;
let inspector: Session | undefined;
let answered = true;
parentPort!.on('message', () => (answered = true));

function obey(command: ControlCommand): void {
  if (command.type === 'where') tellWhere();
  else interrupt();
}

/** A busy main thread stops at its next statement and shows its stack; an idle one does not answer. */
function tellWhere(): void {
  const session = connect();
  const scripts = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  session.once('Debugger.paused', ({ params: { callFrames } }) => {
    const frames = callFrames.map(({ functionName, location }) => ({
      function: functionName,
      script: scripts.get(location.scriptId) ?? '',
      place: { line: location.lineNumber + 1, column: (location.columnNumber ?? 0) + 1 },
    }));
    control.write(JSON.stringify({ type: 'where', frames } satisfies ControlReply) + '\n');
    session.post('Debugger.resume');
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

/**
 * The main thread ends by itself what waits, other programs end by the signal of Ctrl-C. A cell that runs without a pause is stopped by the signal, until its first await;
 * what runs after that, only by the inspector.
 */
function interrupt(): void {
  const patience = 100;
  answered = false;
  Atomics.store(interrupted, 0, 1);
  parentPort!.postMessage('interrupt');
  interruptProcesses(process.pid, process.env[sessionVariable]!);
  setTimeout(() => {
    if (!answered) process.kill(process.pid, 'SIGINT');
  }, patience);
  setTimeout(() => {
    if (!answered) connect().post('Runtime.terminateExecution');
  }, 2 * patience);
}

function connect(): Session {
  if (inspector) return inspector;
  inspector = new Session();
  inspector.connectToMainThread();
  return inspector;
}

function endProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
