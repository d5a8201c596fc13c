import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { protocolVersion, type Content } from './message.js';

/** How the kernel introduces itself to a front. */
export function kernelInfo(): Content {
  const require = createRequire(import.meta.url);
  const { version } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as Package;
  const fromTslab = createRequire(require.resolve('tslab/dist/converter.js'));
  const typescript = (fromTslab('@tslab/typescript-for-tslab/package.json') as Package).version;
  return {
    status: 'ok',
    protocol_version: protocolVersion,
    implementation: 'gradbook',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
      nbconvert_exporter: 'script',
    },
    banner: `gradbook ${version}: TypeScript ${typescript} on Node ${process.versions.node}. A cell cannot ask for input.`,
    debugger: false,
    help_links: [
      { text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/' },
      { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
    ],
  };
}

interface Package {
  readonly version: string;
}
