import { aligned, command, experimentCalled, parse } from './command-line.js';
import { experiments } from './definitions.js';
import { describe } from './experiment.js';

const usage = `Usage: gradbook list [names] [--json]

Names the experiments, one a line, with what they are; --json prints their records, to be changed and trained.
`;

/** `gradbook list`: names the experiments; returns the exit code. */
export function listCommand(args: string[]): Promise<number> {
  return command('list', () => {
    const { values, positionals } = parse(args, { json: { type: 'boolean' } });
    const chosen = positionals.length > 0 ? positionals.map(experimentCalled) : Object.values(experiments);
    const records = () => chosen.map((experiment) => `${JSON.stringify(experiment)}\n`).join('');
    const lines = () => aligned(chosen.map((experiment) => [experiment.name, describe(experiment)]));
    process.stdout.write(values.help ? usage : values.json ? records() : lines());
    return 0;
  });
}
