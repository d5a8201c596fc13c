import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { experiments } from '../../src/experiment/definitions.js';
import { runTrial } from '../../src/experiment/trial.js';
import { bands } from '../../src/figures/index.js';
import { buildReport } from '../../src/report/build-report.js';
import type { Run } from '../../src/training/run.js';
import { startChromium } from './chromium.js';
import { head, makeProject, notebookText, type Project, shownOutput } from './project.js';

const body = `
## A training {#sec-training}

The text goes on for a while before it says that one should see [@fig-relu] and [@sec-code], where there is more.

::figure{label=fig-relu}

## Some code {#sec-code}

\`\`\`ts
const answer = "code"; // a comment
\`\`\`

### More of it {#sec-more}

$$ #eq-relu
f(x) = \\max(x, 0)
$$

${'Text that fills the page. '.repeat(400)}
`;

/** A project whose only figure carries a run at full size, and one whose weights leave the numbers. */
async function projectWith(change: (run: Run) => Run): Promise<Project> {
  const experiment = experiments.relu;
  const collapsing = { ...experiments['rate-2-to-e-2020'], epochs: 16 };
  const variants = [
    {
      ...experiment,
      runs: [],
      experiment,
      trials: [{ seed: 1, run: change(await runTrial({ experiment, seed: 1 })) }],
    },
    {
      ...collapsing,
      runs: [],
      experiment: collapsing,
      trials: [{ seed: 2, run: await runTrial({ experiment: collapsing, seed: 2 }) }],
    },
  ].map(({ name, experiment, trials }) => ({ name, experiment, trials, runs: trials.map(({ run }) => run) }));
  const outputs = [await shownOutput(bands(variants), 'fig-relu', 'A training.')];
  const project = makeProject({
    'notebooks/q9.ipynb': notebookText([{ id: 'train', outputs }]),
    'reports/report.md': head + body,
  });
  await buildReport({ root: project.root });
  return project;
}

const trainButton = 'Train it again in this browser';

describe('the page', function () {
  this.timeout(120_000);
  let browser: Browser | undefined;
  let project: Project;
  const faults: string[] = [];

  before(async function () {
    browser = await startChromium(this);
    project = await projectWith((run) => run);
  });
  after(async () => {
    await browser?.close();
    (project as Project | undefined)?.remove();
  });
  afterEach(() => {
    expect(faults.splice(0)).to.deep.equal([]);
  });

  const open = async (root: string, options: BrowserContextOptions = {}, hash = ''): Promise<Page> => {
    const page = await (await browser!.newContext(options)).newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(?:file|blob|data):/.test(request.url())) faults.push(`it asked for ${request.url()}`);
    });
    await page.goto(`${pathToFileURL(join(root, 'reports/report.html')).href}${hash}`);
    return page;
  };
  const verdict = (page: Page) => page.locator('.rerun .verdict');

  it('trains a published run again, from a file and under its policy, and finds it identical to what Node made', async () => {
    const page = await open(project.root);
    await page.getByRole('button', { name: trainButton }).click();
    await page.locator('.verdict[data-outcome=identical]').waitFor();
    expect(await verdict(page).textContent()).to.equal(
      '20 of 20 epochs identical, bit for bit; the final weights, too.',
    );
    expect(await page.locator('.rerun .fresh').nth(1).getAttribute('d')).to.match(
      /^M(?:[\d.]+ [\d.]+L){20}[\d.]+ [\d.]+$/,
    );
    await page.getByLabel('One of its runs').selectOption({ index: 1 });
    await page.getByRole('button', { name: trainButton }).click();
    await page.locator('.verdict[data-outcome=identical]').waitFor();
    expect(await verdict(page).textContent()).to.contain('epochs identical, bit for bit');
    await page.context().close();
  });

  it('names the first difference when the published numbers are others', async () => {
    const other = await projectWith((run) => ({
      ...run,
      history: run.history.map((record) =>
        record.epoch === 2 ? { ...record, validationLoss: record.validationLoss + 2e-16 } : record,
      ),
    }));
    try {
      const page = await open(other.root);
      await page.getByRole('button', { name: trainButton }).click();
      await page.locator('.verdict[data-outcome=different]').waitFor();
      expect(await verdict(page).textContent()).to.match(
        /^First difference in epoch 2: the validation loss is 0\.\d+, but 0\.\d+ was published\.$/,
      );
      await page.context().close();
    } finally {
      other.remove();
    }
  });

  it('can call a training off', async () => {
    const page = await open(project.root);
    await page.getByRole('button', { name: trainButton }).click();
    await page.getByRole('button', { name: 'Cancel' }).dispatchEvent('click'); // at once: the training is short
    expect(await verdict(page).textContent()).to.equal('Called off.');
    await page.waitForTimeout(1500);
    expect(await verdict(page).textContent()).to.equal('Called off.');
    await page.context().close();
  });

  it('trains what the address asks for, draws the boundary, and keeps the settings in the address', async () => {
    const hash = '#explore:rate=0.01,hidden=3,scale=0.9,activation=tanh,seed=7';
    const page = await open(project.root, {}, hash);
    const status = page.locator('.explorer .verdict');
    await page.waitForFunction(() => document.querySelector('.explorer .verdict')!.textContent !== '');
    expect(await status.textContent()).to.match(/^Trained, after epoch 20: validation accuracy [89]\d/);
    expect(await page.locator('canvas').getAttribute('aria-label')).to.match(
      /after epoch 20: the network answers class 1 on \d+% of it/,
    );
    const colours = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colours).to.be.above(2);
    await page.getByLabel('Hidden units').press('ArrowRight');
    await page.waitForFunction(() => location.hash.includes('hidden=4'));
    expect(page.url()).to.match(/#explore:rate=0\.01,hidden=4,scale=0\.9,activation=tanh,seed=7$/);
    await page.context().close();
  });

  it('tells values under the pointer and by the arrow keys', async () => {
    const page = await open(project.root, { viewport: { width: 1280, height: 900 } });
    const plot = page.locator('#fig-relu .plot');
    await plot.focus();
    for (let k = 0; k < 2; k++) await page.keyboard.press('ArrowRight');
    const tip = page.locator('#fig-relu .tip');
    const accuracy = (await runTrial({ experiment: experiments.relu, seed: 1 })).history[1]!
      .validationAccuracy;
    expect(await tip.innerText())
      .to.match(/^epoch 1\s+Training loss\s+Validation accuracy/)
      .and.to.match(new RegExp(`relu\\s+0\\.\\d+\\s+${(accuracy * 100).toFixed(1)}%`));
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).to.equal(false);
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.4);
    expect(await tip.innerText()).to.match(/^epoch \d+/);
    await page.context().close();
  });

  it('hides a line and shows it again by a button, which a key can press', async () => {
    const page = await open(project.root, { viewport: { width: 1280, height: 900 } });
    const button = page.getByRole('button', { name: 'relu', exact: true });
    const lines = page.locator('#fig-relu .plot .off');
    await button.press('Enter');
    expect(await button.getAttribute('aria-pressed')).to.equal('false');
    expect(await lines.count()).to.be.at.least(2);
    expect(await lines.first().isVisible()).to.equal(false);
    await page.locator('#fig-relu .plot').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#fig-relu .tip').innerText())
      .to.contain('rate-2-to-e-2020')
      .and.not.to.match(/^relu/m);
    await page.emulateMedia({ media: 'print' });
    expect(await lines.first().isVisible()).to.equal(true);
    await page.emulateMedia({ media: 'screen' });
    await button.press('Space');
    expect(await lines.count()).to.equal(0);
    await page.context().close();
  });

  it('is whole without scripts: nothing is shown that needs them', async () => {
    const page = await open(project.root, { javaScriptEnabled: false });
    expect(await page.locator('figure svg').first().isVisible()).to.equal(true);
    expect(await page.locator('.rerun').isVisible()).to.equal(false);
    expect(await page.locator('.explorer').isVisible()).to.equal(false);
    await page.context().close();
  });

  it('marks the section that is read, and copies code', async () => {
    const page = await open(project.root, {
      viewport: { width: 1400, height: 700 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.evaluate(() => document.getElementById('sec-code')!.scrollIntoView());
    await page.waitForFunction(
      () => document.querySelector('.toc [aria-current]')?.getAttribute('href') === '#sec-code',
    );
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(
      'const answer = "code"; // a comment',
    );
    await page.context().close();
  });

  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
      it(`has no serious fault of accessibility and nothing wider than the screen, ${colorScheme}, ${width} pixels`, async () => {
        const page = await open(project.root, { colorScheme, viewport: { width, height: 900 } });
        await page.getByRole('button', { name: trainButton }).click();
        await page.locator('.verdict[data-outcome=identical]').waitFor();
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
          interface Violation {
            id: string;
            impact: string;
            nodes: { html: string }[];
          }
          const { violations } = await axe.run();
          return violations.map(
            ({ id, impact, nodes }) => `${impact}: ${id}: ${nodes[0]!.html.slice(0, 160)}`,
          );
        });
        expect(found.filter((violation) => /^(?:serious|critical)/.test(violation))).to.deep.equal([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(width);
        await page.context().close();
      });
    }
  }
});
