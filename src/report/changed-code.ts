import { spawnSync } from 'node:child_process';

/**
 * Says what has changed since a notebook was last committed, as git knows it: sources of the library, or the notebook
 * itself. `undefined` when nothing has, or when git cannot tell.
 */
export function changedSince(root: string, notebook: string): string | undefined {
  const commit = git(root, ['log', '-1', '--format=%H', '--', notebook])?.[0];
  if (commit === undefined) return undefined;
  const sources = git(root, ['diff', '--name-only', commit, '--', ...code]) ?? [];
  const added = git(root, ['ls-files', '--others', '--exclude-standard', '--', ...code]) ?? [];
  const edited = git(root, ['status', '--porcelain', '--', notebook]) ?? [];
  const reasons = [
    ...(edited.length > 0 ? ['the notebook has changes that are not committed'] : []),
    ...naming([...sources, ...added].filter(computes)),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** Where code lies: the library, and modules beside the notebooks. */
const code = ['src', ':(glob)notebooks/**/*.ts'];

/** Whether a source takes part in what notebooks compute and show. */
function computes(path: string): boolean {
  return !/^src\/(?:report\/|cli\.ts)/.test(path);
}

function naming(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return [`code changed since the notebook was committed: ${paths.slice(0, 3).join(', ')}${more}`];
}

function git(root: string, args: readonly string[]): string[] | undefined {
  const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : undefined;
}
