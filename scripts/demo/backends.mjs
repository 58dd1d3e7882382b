// What make run puts behind the CMS.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleFiles } from './content.mjs';
import { startFakeHosts } from './fakehosts.mjs';
import { addDrafts, addSampleSite, addSuggestion, githubConfig } from './github.mjs';
import { freePort } from './ports.mjs';
import { startProxy } from './proxy.mjs';
import { makeSampleSite } from './site.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

function openRepository({ repo }) {
  if (!repo) return makeSampleSite(join(root, '.demo/site'));
  if (!existsSync(join(repo, '.git'))) {
    throw new Error(`REPO is ${repo}, which is not the top of a Git repository.`);
  }
  return repo;
}

async function proxy(options) {
  const repo = openRepository(options);
  const server = await startProxy({ repo, port: await freePort(8081, 'proxy server') });
  return {
    repo,
    server: { ...server, name: 'proxy server' },
    settings: { proxy_url: server.url },
    what: `the repository ${repo}`,
  };
}

function testRepo() {
  return { files: sampleFiles(), settings: {}, what: 'a sample site in memory' };
}

/** The fake GitHub with the sample site, and what lies on its board. */
export async function openFakeGitHub({ workflow, openAuthoring }) {
  const port = await freePort(8082, 'fake GitHub');
  const webPort = await freePort(Math.max(8083, port + 1), "fake GitHub's file server");
  const hosts = await startFakeHosts([
    '--seed=empty',
    `--addr=127.0.0.1:${port}`,
    `--web=127.0.0.1:${webPort}`,
  ]);
  try {
    await addSampleSite(hosts.control);
    if (workflow) await addDrafts(hosts);
    if (openAuthoring) await addSuggestion(hosts);
  } catch (error) {
    await hosts.stop();
    throw error;
  }
  return hosts;
}

/** Who can sign in, for people. */
export const whoSignsIn = ({ tokens }, openAuthoring) =>
  `Sign in with a token: ${tokens.editor} (maintainer) or ${tokens.contributor} ` +
  `(contributor${openAuthoring ? '' : ', who needs OPEN_AUTHORING=1'}).`;

async function github(options) {
  const hosts = await openFakeGitHub(options);
  return {
    server: { ...hosts, name: 'fake GitHub' },
    settings: { ...githubConfig(hosts), ...(options.openAuthoring && { open_authoring: true }) },
    what: `a sample site on a fake GitHub (${hosts.github}), which forgets it at the end`,
    more: whoSignsIn(hosts, options.openAuthoring),
  };
}

const OPEN = { proxy, 'test-repo': testRepo, github };

/**
 * @param {{backend: string, repo?: string, workflow: boolean, openAuthoring: boolean}} options
 * @returns {Promise<{settings: object, what: string, more?: string, repo?: string, files?: Map,
 *   server?: object}>} settings are keys of the config's backend block; server is what has to run
 *   for it; files fill test-repo; what and more are for people
 */
export async function openBackend(options) {
  return OPEN[options.backend](options);
}
