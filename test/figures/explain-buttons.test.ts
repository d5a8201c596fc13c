import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { explain } from '../../src/figures/explain.js';
import { exp, log, multiply } from '../../src/ops/index.js';
import { tensor } from '../../src/tensor/creation.js';
import { startChromium } from '../report/chromium.js';

describe('the strip of explain in a notebook', () => {
  let browser: Browser | undefined;
  let html: string;

  before(async function () {
    browser = await startChromium(this);
    const b = exp(log(tensor(1, { name: 'x' })));
    html = String((await explain(multiply(b, b)).display())['text/html']);
  });

  after(async () => browser?.close());

  async function open(javaScriptEnabled: boolean): Promise<Page> {
    const page = await browser!.newPage({ javaScriptEnabled });
    await page.setContent(`<!doctype html><meta charset="utf-8">${html}`);
    return page;
  }

  const shown = (page: Page): Promise<string[]> =>
    page
      .locator('g[data-frame]:visible')
      .evaluateAll((frames) => frames.map((frame) => frame.querySelector('text')!.textContent));

  it('is a picture where no script runs', async () => {
    const page = await open(false);
    expect(await page.locator('img').getAttribute('alt')).to.match(/^Backward in 3 steps/);
    expect(await page.locator('button').count()).to.equal(0);
  });

  it('goes on and back by buttons and by the arrow keys', async () => {
    const page = await open(true);
    expect(await shown(page)).to.deep.equal(['Start']);
    const [back, on] = [
      page.getByRole('button', { name: 'Previous' }),
      page.getByRole('button', { name: 'Next' }),
    ];
    expect(await back.isDisabled()).to.equal(true);
    await on.click();
    expect(await shown(page)).to.deep.equal(['Step 1: multiply']);
    expect(await page.getByRole('status').textContent()).to.equal('Step 1: multiply (2 of 4)');
    await on.press('ArrowRight');
    await on.press('ArrowRight');
    expect(await shown(page)).to.deep.equal(['Step 3: log']);
    expect(await on.isDisabled()).to.equal(true);
    await back.press('Enter');
    expect(await shown(page)).to.deep.equal(['Step 2: exp']);
  });

  it('shows all steps at once on request, and in print', async () => {
    const page = await open(true);
    await page.getByRole('button', { name: 'All steps' }).click();
    expect(await shown(page)).to.have.length(4);
    await page.getByRole('button', { name: 'One step' }).click();
    expect(await shown(page)).to.have.length(1);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await shown(page)).to.have.length(4);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await shown(page)).to.have.length(1);
  });
});
