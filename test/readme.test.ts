import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync('README.md', 'utf8');

/** The fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1]!,
  );
}

/** Commands without their comments. */
function commands(): string[] {
  return blocks('sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

interface Cell {
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: readonly string[];
}

describe('the README', () => {
  const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> })
    .scripts;
  let folder: string;

  before(() => {
    folder = mkdtempSync(join('notebooks', '.readme-')); // inside the project, so that 'gradbook' is found
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('names only npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm (?:run )?(start|test|cit|bench|format|lab)\b/g)].map(
      (match) => match[1]!,
    );
    expect(named).to.include.members(['start', 'cit']);
    for (const name of named) expect(scripts, name).to.have.property(name === 'cit' ? 'test' : name);
  });

  it('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map((match) => match[1]!)
      .filter((link) => !/^https?:/.test(link));
    expect(links.length).to.be.greaterThan(2);
    for (const link of links) expect(existsSync(link), link).to.equal(true);
  });

  for (const command of commands().filter((line) => line.startsWith('npx gradbook'))) {
    it(`gives a command that works: ${command}`, () => {
      const [, , name, ...args] = command.split(/\s+/);
      const isLong = name !== 'run' || args.includes('--full'); // the tutorial's size
      const elsewhere = isLong ? ['--help'] : ['--output', join(folder, 'executed.ipynb')];
      execFileSync(process.execPath, ['dist/cli.js', name!, ...args, ...elsewhere], { stdio: 'pipe' });
    });
  }

  it('names only parameters that the notebook declares', () => {
    const named = [...readme.matchAll(/run (\S+\.ipynb) --(full)\b/g)];
    expect(named.length).to.be.greaterThan(0);
    for (const [, notebook, parameter] of named) {
      const { cells } = JSON.parse(readFileSync(notebook!, 'utf8')) as { cells: Cell[] };
      const declared = cells.find(({ metadata }) => metadata.tags?.includes('parameters'))?.source.join('');
      expect(declared, notebook).to.match(new RegExp(`\\b${parameter}\\b`));
    }
  });

  it('shows TypeScript that runs in a notebook', () => {
    const cells = blocks('ts').map((source, k) => ({
      cell_type: 'code',
      execution_count: null,
      id: `block${k}`,
      metadata: {},
      outputs: [],
      source,
    }));
    expect(cells.length).to.be.greaterThan(1);
    const kernelspec = { display_name: 'TypeScript', language: 'typescript', name: 'tslab' };
    const path = join(folder, 'readme.ipynb');
    writeFileSync(path, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
    execFileSync(process.execPath, ['dist/cli.js', 'run', path], { stdio: 'pipe' });
  });
});
