import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which the processes that a session started are known, even when they left its group. */
export const sessionVariable = 'GRADBOOK_SESSION';

/** Ends what a session started; returns whether anything was still there. */
export function endProcesses(group: number | undefined, session: string): boolean {
  if (process.platform !== 'linux') return group !== undefined && signal(-group, 'SIGKILL');
  return processesOf(group, session)
    .map((pid) => signal(pid, 'SIGKILL'))
    .includes(true);
}

/** Interrupts what a session started, as Ctrl-C in a terminal does, but not the session itself. */
export function interruptProcesses(group: number, session: string): void {
  if (process.platform !== 'linux') return;
  for (const pid of processesOf(group, session)) if (pid !== group) signal(pid, 'SIGINT');
}

/** Whether anything that a session started still lives. */
export function processesLeft(group: number | undefined, session: string): boolean {
  if (process.platform !== 'linux') return group !== undefined && signal(-group, 0);
  return processesOf(group, session).length > 0;
}

/** Megabytes of memory that a process holds; undefined where the system does not tell. */
export function residentMegabytes(pid: number | undefined): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1];
    return (Number(pages) * 4096) / 1_048_576;
  } catch {
    return undefined;
  }
}

/** Linux shows more than the process group: processes that left it, and which ones are dead but not buried. */
function processesOf(group: number | undefined, session: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOf(name, group, session))
    .map(Number);
}

function isOf(pid: string, group: number | undefined, session: string): boolean {
  try {
    const [state, , ownGroup] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (state === 'Z') return false;
    if (ownGroup === String(group)) return true;
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${sessionVariable}=${session}\0`);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
