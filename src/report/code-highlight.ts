/** Sets code as HTML with colours for light and dark. */
export type Highlighter = (code: string, language: string | undefined) => string;

const aliases: Readonly<Record<string, string>> = {
  ts: 'typescript',
  typescript: 'typescript',
  sh: 'shellscript',
  bash: 'shellscript',
  shell: 'shellscript',
  json: 'json',
  text: 'text',
};

/** The highlighter, loaded once, with the engine that gives the same colours on every version of Node. */
export function loadHighlighter(): Promise<Highlighter> {
  loading ??= load();
  return loading;
}

let loading: Promise<Highlighter> | undefined;

async function load(): Promise<Highlighter> {
  const [{ createHighlighterCore }, { createOnigurumaEngine }] = await Promise.all([
    import('shiki/core'),
    import('shiki/engine/oniguruma'),
  ]);
  const shiki = await createHighlighterCore({
    themes: [import('shiki/themes/github-light-default.mjs'), import('shiki/themes/github-dark-default.mjs')],
    langs: [
      import('shiki/langs/typescript.mjs'),
      import('shiki/langs/shellscript.mjs'),
      import('shiki/langs/json.mjs'),
    ],
    engine: createOnigurumaEngine(import('shiki/wasm')),
  });
  return (code, language) => {
    const lang = aliases[language ?? 'text'];
    if (lang === undefined) {
      throw new Error(
        `code cannot be coloured as "${String(language)}": use one of ${Object.keys(aliases).join(', ')}`,
      );
    }
    const html = shiki.codeToHtml(code, {
      lang,
      themes: { light: 'github-light-default', dark: 'github-dark-default' },
      defaultColor: false,
    });
    // The theme's grey of comments is too pale on the tinted ground of our code.
    return html
      .replaceAll('--shiki-light:#6E7781', '--shiki-light:#59636E')
      .replace(/^<pre class="[^"]*" style="[^"]*" tabindex="0">/, '<pre tabindex="0">');
  };
}
