// Builds dist/ from src/: the kernels, then the library. What is there stays when it was built from equal sources by an
// equal compiler. `node build.mjs FOLDER` builds another folder, with what is installed here.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const project = process.argv[2] ?? here;
const at = (...path) => join(project, ...path);
const builtFrom = at('dist', '.sources');
const { resolve } = createRequire(import.meta.url);

run(join(here, 'src/kernels/compile.mjs'));
const sources = hashOfSources();
if (!existsSync(builtFrom) || readFileSync(builtFrom, 'utf8') !== sources) {
  rmSync(builtFrom, { force: true }); // what is begun is not done
  run(join(resolve('typescript'), '../../bin/tsc'), '-p', at('tsconfig.build.json'));
  removeLeftovers();
  if (existsSync(at('dist/cli.js'))) chmodSync(at('dist/cli.js'), 0o755);
  writeFileSync(builtFrom, sources);
}

function run(script, ...options) {
  try {
    execFileSync(process.execPath, [script, ...options], { stdio: 'inherit' });
  } catch {
    process.exit(1); // it has said why
  }
}

/** Of the sources, the settings and the compiler. */
function hashOfSources() {
  const paths = readdirSync(at('src'), { recursive: true }).filter((path) => path.endsWith('.ts'));
  const files = ['tsconfig.json', 'tsconfig.build.json', ...paths.sort().map((path) => join('src', path))];
  const hash = createHash('sha256').update(readFileSync(resolve('typescript/package.json')));
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

/**
 * Removes what was compiled from sources that are no more. The compiler leaves it there; but the hash of the compiled
 * library, which notebooks carry, must be the same in every clone of one commit.
 */
function removeLeftovers() {
  const compiled = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;
  for (const path of readdirSync(at('dist'), { recursive: true })) {
    if (!compiled.test(path) || existsSync(at('src', path.replace(compiled, '.ts')))) continue;
    rmSync(at('dist', path));
  }
}
