import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { GradbookError } from '../tensor/error.js';

/** The scripts of the page: what acts in it, and the worker that carries the library. */
export interface PageScripts {
  readonly main: string;
  readonly trainer: string;
}

/** Bundles the scripts of the page from the modules beside this one. Throws a GradbookError without esbuild. */
export async function pageScripts(): Promise<PageScripts> {
  const { build } = await import('esbuild').catch(() => {
    throw new GradbookError(
      'report: the scripts of the page need esbuild, which is not installed: run "npm ci"',
    );
  });
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const bundle = async (name: string): Promise<string> => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(`./page/${name}.${ending}`, import.meta.url))],
      bundle: true,
      write: false,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      charset: 'utf8',
      legalComments: 'none',
      tsconfigRaw: {},
      logLevel: 'silent',
    });
    return inScript(outputFiles[0]!.text);
  };
  const [main, trainer] = await Promise.all([bundle('main'), bundle('trainer')]);
  return { main, trainer };
}

/** JSON that can stand in a script element. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** A policy that lets run only this script and its worker, and lets nothing be loaded. */
export function securityPolicy(script: string, styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    'worker-src blob:',
    `style-src-elem ${styles.map(hashOf).join(' ')}`,
    "style-src-attr 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Code whose strings cannot end the script element that holds it. */
function inScript(code: string): string {
  return code
    .trim()
    .replace(/<\/(?=script)/gi, '<\\/')
    .replaceAll('<!--', '<\\!--');
}
