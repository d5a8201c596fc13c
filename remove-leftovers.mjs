// Removes from dist/ what was compiled from sources that are no more. The compiler leaves it there; but the hash of the
// compiled library, which notebooks carry, must be the same in every clone of one commit.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = process.argv[2] ?? fileURLToPath(new URL('.', import.meta.url));
const compiled = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;

for (const path of readdirSync(join(project, 'dist'), { recursive: true })) {
  if (!compiled.test(path) || existsSync(join(project, 'src', path.replace(compiled, '.ts')))) continue;
  rmSync(join(project, 'dist', path));
}
