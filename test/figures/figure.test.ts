import { expect } from 'chai';
import { from } from 'arquero';
import { textWidth } from '../../src/figures/fonts.js';
import { bars, figure, toPng } from '../../src/figures/index.js';
import { sizes } from '../../src/figures/theme.js';
import { renderChart } from '../../src/figures/render.js';
import { gallery } from './gallery.js';

describe('figures', () => {
  for (const [name, make] of Object.entries(gallery)) {
    describe(name, () => {
      it('is drawn to the same bytes twice', async () => {
        expect(await make().toSvg()).to.equal(await make().toSvg());
      });

      it('tells a screen reader what it shows', async () => {
        const svg = await make().toSvg();
        const [, title, description] = /aria-labelledby="(\S+) (\S+)"/.exec(svg)!;
        expect(svg).to.match(/^<svg [^>]*role="img"/);
        expect(svg).to.contain(`<title id="${title!}">`).and.to.contain(`<desc id="${description!}">`);
      });

      it('rounds coordinates to three decimals and uses each id once', async () => {
        const svg = await make().toSvg();
        const tags = [...svg.matchAll(/<[^>]+>/g)].map(([tag]) => tag).join('');
        expect(tags).not.to.match(/\d\.\d{4}/);
        const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
        expect(new Set(ids).size).to.equal(ids.length);
        for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).to.include(id);
      });

      it('shows one bundle: the spec of a chart, the picture, and its words; HTML only where it steps through frames', async () => {
        const shown = make();
        const bundle = await shown.display();
        const types = ['image/svg+xml', 'text/plain'];
        const chart = ['application/vnd.vegalite.v5+json', ...types]; // JupyterLab would prefer HTML to it
        const frames = name === 'explanation of backward' ? ['text/html'] : [];
        expect(Object.keys(bundle)).to.deep.equal(shown.spec === undefined ? [...types, ...frames] : chart);
        expect(bundle['text/plain']).to.equal(shown.alt);
        expect(() => JSON.stringify(bundle)).not.to.throw();
      });

      it('is painted with its text', async () => {
        const svg = await make().toSvg();
        const wordless = svg.replace(/<text[^>]*>[^<]*<\/text>/g, '');
        expect(toPng(svg).equals(toPng(wordless))).to.equal(false);
      });
    });
  }

  it('makes room for text by its width in the very font that draws it', async () => {
    const width = async (label: string) => {
      const svg = await bars([{ label, value: 1 }], { measure: 'accuracy' }).toSvg();
      return Number(/ width="([\d.]+)"/.exec(svg)![1]);
    };
    const difference = (await width('WWWWWWWWWWWW')) - (await width('iiiiiiiiiiii'));
    expect(difference).to.be.closeTo(
      textWidth('WWWWWWWWWWWW', sizes.label) - textWidth('iiiiiiiiiiii', sizes.label),
      3,
    );
  });

  it('carries its data in the spec, with null for what JSON has no word for', () => {
    const { spec } = figure({
      spec: { mark: 'bar' },
      table: from([
        { x: 1, y: NaN },
        { x: 2, y: undefined },
      ]),
      alt: 'Bars.',
    });
    expect(spec).to.deep.include({
      data: {
        values: [
          { x: 1, y: null },
          { x: 2, y: null },
        ],
      },
    });
    expect(spec!['$schema']).to.match(/vega-lite\/v5\.json$/);
  });

  it('refuses a spec with data of its own and an empty alternative text', () => {
    const table = from([{ x: 1 }]);
    expect(() => figure({ spec: { data: {} }, table, alt: 'Bars.' })).to.throw('the table is its data');
    expect(() => figure({ spec: {}, table, alt: ' ' })).to.throw('the alternative text is empty');
  });

  it('fails on a spec that Vega-Lite warns about, instead of drawing something else', async () => {
    const spec = { data: { values: [] }, mark: 'text', encoding: { strokeDash: { value: [1, 0] } } };
    const failure = await renderChart(spec, { alt: 'x' }).then(() => undefined, String);
    expect(failure).to.match(/Vega warns.*strokeDash/);
  });

  it('fails on a character that the font cannot draw, and names it', async () => {
    const chart = figure({
      spec: { mark: 'text', encoding: { text: { field: 'word' } } },
      table: from([{ word: '∇x' }]),
      alt: 'A word.',
    });
    const failure = await chart.toSvg().then(() => undefined, String);
    expect(failure).to.contain('"∇" (U+2207)');
  });
});
