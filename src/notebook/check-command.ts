import { parseArgs } from 'node:util';

import { checkNotebooks, type Finding } from './check.js';
import { UsageError } from './notebook-file.js';
import { defaultFolder } from './run-command.js';

const checkUsage = `Usage: gradbook check [--json] [notebooks or folders]      (default: notebooks)

Looks at TypeScript notebooks without running them: format, order of execution, hidden state, type errors, promises that
nobody awaits, slow loops, times and paths in outputs, figures without label or alternative text, size.

Exit codes: 0 nothing found, 1 something found, 2 the command cannot be carried out.
`;

/** `gradbook check`: prints what should be mended in notebooks and returns the exit code. */
export async function checkCommand(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    if (values.help) {
      process.stdout.write(checkUsage);
      return 0;
    }
    const { paths, findings } = await checkNotebooks(
      positionals.length > 0 ? positionals : [defaultFolder()],
    );
    if (values.json) process.stdout.write(JSON.stringify(findings, null, 1) + '\n');
    else process.stdout.write(findings.map((finding) => `${describe(finding)}\n`).join(''));
    const count = `${paths.length} ${paths.length === 1 ? 'notebook' : 'notebooks'}`;
    process.stderr.write(
      findings.length === 0
        ? `${count} checked, nothing found\n`
        : `${count} checked, ${findings.length} to mend\n`,
    );
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`gradbook check: ${error.message}\n`);
    return 2;
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${checkUsage}`);
  }
}

function describe({ path, cell, id, line, message }: Finding): string {
  const place = cell === undefined ? '' : `, code cell ${cell} (id ${id ?? ''})`;
  return `${path}${place}${line === undefined ? '' : `, line ${line}`}: ${message}`;
}
