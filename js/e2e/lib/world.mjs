// The world of one test: a host with a fresh repository, the site, and a page
// in a browser context of its own.
import { adaptConfig } from '../../../scripts/demo/config.mjs';
import { sampleFiles } from '../../../scripts/demo/content.mjs';
import { startSite } from '../../../scripts/demo/server.mjs';
import { Cms } from './cms.mjs';
import { startHost } from './hosts.mjs';

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

// One person at their browser, with a session and a store of their own.
async function openVisit(browser, address, account) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  // Far more than it takes, but for a machine that is busy with something else.
  page.setDefaultTimeout(30_000);
  const log = [];
  const dialogs = watch(page, log);
  return { context, page, log, dialogs, cms: new Cms(page, address, account) };
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {{host: string, workflow?: boolean, builtin?: boolean, settings?: object,
 *   overrides?: Map<string, Function>, server?: 'staticcms' | 'decap', startProxy?: boolean,
 *   relay?: boolean, flags?: string[], repository?: string, privateRepository?: boolean,
 *   openAuthoring?: boolean, edge?: boolean, oauth?: 'popup' | 'pkce' | 'implicit',
 *   register?: object}} options
 *   host is proxy, test-repo or one of scripts/demo/hosts; settings are more keys of the config's
 *   backend block; server, startProxy and relay are for proxy; what follows is for the fake
 *   hosts: flags of their program, what repository there is, for a gateway whether it passes more
 *   than Netlify's, and how people sign in; register are options of registerBackends
 */
export async function openWorld(browser, options) {
  const host = await startHost(options);
  const running = { host, visits: [] };
  try {
    return await furnish(browser, options, running);
  } catch (error) {
    await close(running);
    throw error;
  }
}

async function furnish(browser, options, running) {
  const { host, visits } = running;
  const config = adaptConfig(sampleFiles().get('admin/config.yml'), {
    backend: host.backend,
    workflow: options.workflow,
    settings: { ...host.settings, ...options.settings },
  });
  const overrides = new Map(options.overrides);
  const { repo, files, backend } = host;
  const { register } = options;
  const site = await startSite({
    port: 0,
    config,
    repo,
    files,
    variants: true,
    overrides,
    register,
  });
  running.site = site;
  const address = `${site.admin}${options.builtin ? '?builtin' : ''}`;
  /** Somebody comes to the site, with a browser and an account of their own. */
  const visit = async (account) => {
    const visit = await openVisit(browser, address, { backend, account });
    visits.push(visit);
    return visit;
  };
  const first = await visit(host.account);
  const store = host.store(first.page);
  const world = { ...host, ...first, visits, visit, options, site, overrides, store };
  world.startProxy = async () => {
    host.proxy = await host.start();
    world.proxy = host.proxy;
  };
  world.close = () => close(running);
  return world;
}

async function close({ host, visits, site }) {
  for (const { context } of visits) await context.close();
  await site?.stop();
  await host.proxy?.stop();
  await host.stop();
}
