import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';

import { startChromium } from '../../report/chromium.js';
import { skipFor } from '../../skips.js';

const notebook = 'q1-division.ipynb';

/** Set it to a folder to look at what the browser showed. */
const pictures = process.env.GRADBOOK_PICTURES;

describe('a notebook in the browser, by gradbook lab', function () {
  this.timeout(240_000);
  let project: string;
  let lab: ChildProcess | undefined;
  let browser: Browser | undefined;
  let page: Page;

  before(async function () {
    const { stdout } = spawnSync('jupyter-notebook', ['--version'], { encoding: 'utf8' });
    if (!/^6\./.test(stdout)) skipFor(this, 'Jupyter Notebook 6');
    browser = await startChromium(this);
    project = projectWithNotebook();
    const port = await freePort();
    lab = startLab(project, port);
    page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    await opened(page, `http://127.0.0.1:${port}/notebooks/${notebook}?token=secret`);
  });
  after(async () => {
    await browser?.close();
    if (lab) await ended(lab);
  });

  const count = (selector: string) => page.locator(selector).count();
  const choose = (item: string) =>
    page.evaluate((id) => document.querySelector<HTMLElement>(`${id} a`)!.click(), item);
  async function runAll(): Promise<void> {
    await choose('#clear_all_output');
    expect(await count('.output_area')).to.equal(0);
    await choose('#run_all_cells');
    await page.waitForFunction(() => document.querySelectorAll('.cell.running').length > 0);
    await page.waitForFunction(() => document.querySelectorAll('.cell.running').length === 0, undefined, {
      timeout: 90_000,
    });
  }
  async function look(name: string): Promise<void> {
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
  const prompts = () => page.locator('.code_cell .input_prompt').allInnerTexts();
  const isSeen = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => element.getBoundingClientRect().width > 100);

  it('opens with the kernel of gradbook under the name that the notebook asks for', async () => {
    expect(await page.locator('.kernel_indicator_name').innerText()).to.include('TypeScript');
    expect(await count('.code_cell')).to.be.greaterThan(3);
    await look('opened');
  });

  it('runs all cells, and their figures are seen', async () => {
    await runAll();
    expect(await count('.output_error')).to.equal(0);
    expect((await prompts()).every((text) => /\[\d+\]/.test(text))).to.equal(true);
    expect(await count('.output_svg svg, .output_png img')).to.be.greaterThan(0);
    expect(await isSeen('.output_svg svg, .output_png img')).to.equal(true);
    expect(await count('.output_markdown')).to.be.greaterThan(0);
    await page.locator('.output_svg, .output_png').first().scrollIntoViewIfNeeded();
    await look('executed');
  });

  it('shows an error below its cell, with the line', async () => {
    await executeInNewCell(page, "const known = 1;\nthrow new RangeError('seen in the browser')");
    const error = page.locator('.output_error').last();
    await error.waitFor();
    expect(await error.innerText()).to.include("> 2 | throw new RangeError('seen in the browser')");
    await error.scrollIntoViewIfNeeded();
    await look('error');
  });

  it('recovers when its kernel is restarted while a cell runs', async () => {
    await executeInNewCell(page, 'for (;;);');
    await page.locator('.cell.running').first().waitFor();
    await choose('#restart_kernel');
    await page.locator('.modal-dialog .btn-danger').click();
    await page.waitForFunction(() => !document.querySelector('.modal-dialog'));
    await page.locator('.kernel_idle_icon').waitFor();
    await look('restarted');
    await deleteLastCells(page, 2);
    await runAll();
    expect(await count('.output_error')).to.equal(0);
    expect((await prompts())[0]).to.match(/\[1\]/);
    expect(await count('.output_svg svg, .output_png img')).to.be.greaterThan(0);
    await look('recovered');
  });

  it('saves the notebook with the name of its kernel as it was', async () => {
    await page.evaluate(() => (window as unknown as Classic).Jupyter.notebook.save_notebook());
    const text = readFileSync(join(project, 'notebooks', notebook), 'utf8');
    const { metadata } = JSON.parse(text) as { metadata: { kernelspec: object } };
    expect(metadata.kernelspec).to.deep.equal({
      display_name: 'TypeScript',
      language: 'typescript',
      name: 'tslab',
    });
  });
});

/** What the page of Jupyter Notebook 6 offers to scripts. */
interface Classic {
  readonly Jupyter: {
    readonly notebook: {
      save_notebook(): Promise<unknown>;
      ncells(): number;
      delete_cells(indices: number[]): void;
      insert_cell_at_bottom(type: string): { set_text(text: string): void; execute(): void };
    };
  };
}

async function executeInNewCell(page: Page, source: string): Promise<void> {
  await page.evaluate((text) => {
    const cell = (window as unknown as Classic).Jupyter.notebook.insert_cell_at_bottom('code');
    cell.set_text(text);
    cell.execute();
  }, source);
}

async function deleteLastCells(page: Page, count: number): Promise<void> {
  await page.evaluate((number) => {
    const { notebook: open } = (window as unknown as Classic).Jupyter;
    open.delete_cells(Array.from({ length: number }, (_, index) => open.ncells() - 1 - index));
  }, count);
}

/** The notebook in a project of its own, which finds the packages of this one. */
function projectWithNotebook(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gradbook-lab-'));
  mkdirSync(join(folder, 'notebooks'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'package.json'), '{}');
  cpSync(join('notebooks', notebook), join(folder, 'notebooks', notebook));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const { stdout } = spawnSync('which', ['jupyter-notebook'], { encoding: 'utf8' });
  symlinkSync(stdout.trim(), join(folder, 'bin', 'jupyter-notebook'));
  return folder;
}

function startLab(project: string, port: number): ChildProcess {
  const flags = [
    '--no-browser',
    '--allow-root',
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--NotebookApp.token=secret',
  ];
  return spawn(process.execPath, [resolve('dist/cli.js'), 'lab', ...flags], {
    cwd: project,
    env: { ...process.env, PATH: join(project, 'bin'), HOME: project },
    stdio: 'ignore',
  });
}

async function opened(page: Page, address: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await page.goto(address);
      break;
    } catch (error) {
      if (attempt === 60) throw error;
      await new Promise((done) => setTimeout(done, 500));
    }
  }
  await page.locator('.kernel_idle_icon').waitFor({ timeout: 60_000 });
}

async function ended(lab: ChildProcess): Promise<void> {
  const exit = new Promise((done) => lab.once('exit', done));
  lab.kill('SIGTERM');
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
