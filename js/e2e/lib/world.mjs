// The world of one test: a fresh repository, a proxy server on it, the site,
// and a page in a browser context of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adaptConfig } from '../../../scripts/demo/config.mjs';
import { sampleFiles } from '../../../scripts/demo/content.mjs';
import { anyPort } from '../../../scripts/demo/ports.mjs';
import { startProxy } from '../../../scripts/demo/proxy.mjs';
import { startSite } from '../../../scripts/demo/server.mjs';
import { makeSampleSite } from '../../../scripts/demo/site.mjs';
import { Cms } from './cms.mjs';
import { startRelay } from './relay.mjs';
import { GitStore, MemoryStore } from './store.mjs';

async function startBackend(options) {
  if (options.backend === 'test-repo') return { files: sampleFiles() };
  const dir = mkdtempSync(join(tmpdir(), 'mooring-e2e-'));
  const repo = makeSampleSite(join(dir, 'site'));
  const port = await anyPort();
  const start = () => startProxy({ repo, port, server: options.server });
  const proxy = options.startProxy === false ? undefined : await start();
  const proxyURL = `http://localhost:${port}/api/v1`;
  const relay = options.relay ? await startRelay(proxyURL) : undefined;
  return { dir, repo, proxy, relay, start, proxyURL: relay?.url ?? proxyURL };
}

function watch(page, log) {
  const dialogs = [];
  page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => log.push(`uncaught: ${error.message}`));
  // Leaving an edited entry asks for leave; a test never wants to stay.
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    dialog.accept().catch(() => {});
  });
  return dialogs;
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {{backend: 'proxy' | 'test-repo', server?: 'staticcms' | 'decap', workflow?: boolean,
 *   builtin?: boolean, startProxy?: boolean, relay?: boolean, overrides?: Map<string, Function>}} options
 */
export async function openWorld(browser, options) {
  const base = await startBackend(options);
  const config = adaptConfig(sampleFiles().get('admin/config.yml'), {
    ...options,
    proxyURL: base.proxyURL,
  });
  const overrides = new Map(options.overrides);
  const site = await startSite({
    port: 0,
    config,
    repo: base.repo,
    files: base.files,
    variants: true,
    overrides,
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const log = [];
  const dialogs = watch(page, log);
  const world = {
    ...base,
    options,
    site,
    page,
    log,
    dialogs,
    overrides,
    store: base.repo ? new GitStore(base.repo) : new MemoryStore(page),
    cms: new Cms(page, `${site.admin}${options.builtin ? '?builtin' : ''}`),
  };
  world.startProxy = async () => {
    world.proxy = await base.start();
  };
  world.close = async () => {
    await context.close();
    await site.stop();
    await base.relay?.stop();
    await world.proxy?.stop();
    if (base.dir) rmSync(base.dir, { recursive: true, force: true });
  };
  return world;
}
