// Builds dist/ from src/: the kernels, then the library. What is there stays when an equal compiler made it of equal sources
// and nothing has touched it since. `node build.mjs FOLDER` builds the library of another folder, with what is installed here.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const project = process.argv[2] ?? here;
const at = (...path) => join(project, ...path);
const builtFrom = at('dist', '.built');
const compiled = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;
const compiler = createRequire(import.meta.url).resolve('typescript/package.json');

run(join(here, 'src/kernels/compile.mjs'));
const [sourcesThen, compiledThen] = existsSync(builtFrom) ? readFileSync(builtFrom, 'utf8').split('\n') : [];
const sources = hashOf([
  at('tsconfig.json'),
  at('tsconfig.build.json'),
  compiler,
  ...filesIn('src', /\.ts$/),
]);
const isTouched = compiledThen !== hashOfCompiled();
if (isTouched || sourcesThen !== sources) {
  if (isTouched) rmSync(at('dist', '.tsbuildinfo'), { force: true }); // or the compiler would trust what is there
  run(join(compiler, '../bin/tsc'), '-p', at('tsconfig.build.json'));
  removeLeftovers();
  if (existsSync(at('dist/cli.js'))) chmodSync(at('dist/cli.js'), 0o755);
  writeFileSync(builtFrom, `${sources}\n${hashOfCompiled()}`);
}

function run(script, ...options) {
  try {
    execFileSync(process.execPath, [script, ...options], { stdio: 'inherit' });
  } catch {
    process.exit(1); // it has said why
  }
}

function hashOfCompiled() {
  return hashOf(filesIn('dist', compiled));
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(project, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function filesIn(folder, pattern) {
  if (!existsSync(at(folder))) return [];
  const paths = readdirSync(at(folder), { recursive: true }).filter((path) => pattern.test(path));
  return paths.sort().map((path) => at(folder, path));
}

/**
 * Removes what was compiled from sources that are no more. The compiler leaves it there; but the hash of the compiled
 * library, which notebooks carry, must be the same in every clone of one commit.
 */
function removeLeftovers() {
  for (const path of readdirSync(at('dist'), { recursive: true })) {
    if (!compiled.test(path) || existsSync(at('src', path.replace(compiled, '.ts')))) continue;
    rmSync(at('dist', path));
  }
}
