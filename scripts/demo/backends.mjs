// What make run puts behind the CMS.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleFiles } from './content.mjs';
import { startFakeHosts } from './fakehosts.mjs';
import { HOST_NAMES as FAKES, hostKind } from './hosts/index.mjs';
import { oauthSettings } from './hosts/oauth.mjs';
import { freePort } from './ports.mjs';
import { startProxy } from './proxy.mjs';
import { addDrafts, addSampleSite, addSuggestion, REPOSITORY } from './samplesite.mjs';
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
    backend: 'proxy',
    repo,
    server: { ...server, name: 'proxy server' },
    settings: { proxy_url: server.url },
    what: `the repository ${repo}`,
  };
}

function testRepo() {
  return {
    backend: 'test-repo',
    files: sampleFiles(),
    settings: {},
    what: 'a sample site in memory',
  };
}

/**
 * A fake host with the sample site, and what lies on its board.
 * @param {import('./hosts/index.mjs').HostKind} kind
 * @param {{workflow?: boolean, openAuthoring?: boolean, port?: number}} options port is where it
 *   tries first
 */
export async function openFakeHost(kind, { workflow, openAuthoring, port = 8082 }) {
  const api = await freePort(port, `fake ${kind.label}`);
  const web = await freePort(api + 1, `fake ${kind.label}'s file server`);
  const hosts = await startFakeHosts([
    ...kind.flags,
    '--seed=empty',
    `--addr=127.0.0.1:${api}`,
    `--web=127.0.0.1:${web}`,
  ]);
  try {
    // Netlify's gateway passes no workflow to Bitbucket, so this one passes more than that.
    if (workflow && kind.people) await hosts.control.post('gateway/settings', { edge: true });
    await addSampleSite(hosts.control);
    if (workflow) await addDrafts(kind, hosts);
    if (openAuthoring) await addSuggestion(kind, hosts);
  } catch (error) {
    await hosts.stop();
    throw error;
  }
  return hosts;
}

/** Who can sign in, for people. */
export function whoSignsIn(kind, hosts, openAuthoring) {
  if (kind.people) {
    const [editor, visitor] = kind.people(hosts).map((p) => `${p.email} (${p.password})`);
    return `Sign in as ${editor}, or as ${visitor}, who lacks the role.`;
  }
  const { tokens } = hosts;
  const contributor = openAuthoring
    ? `${tokens.contributor} (contributor)`
    : `${tokens.contributor} (who may only read)`;
  return `Sign in as editor, or with a token: ${tokens.editor} (maintainer) or ${contributor}.`;
}

async function fakeHost(name, options) {
  const kind = hostKind(name, options.provider);
  const hosts = await openFakeHost(kind, options);
  return {
    backend: kind.backend,
    server: { ...hosts, name: `fake ${kind.label}` },
    settings: {
      ...kind.settings(hosts, REPOSITORY),
      ...oauthSettings(hosts, kind.way),
      ...(options.openAuthoring && { open_authoring: true }),
    },
    what: `a sample site on a fake ${kind.label} (${hosts.api}), which forgets it at the end`,
    more: whoSignsIn(kind, hosts, options.openAuthoring),
  };
}

const OPEN = {
  proxy,
  'test-repo': testRepo,
  ...Object.fromEntries(FAKES.map((name) => [name, (options) => fakeHost(name, options)])),
};

/** What HOST may be. */
export const HOST_NAMES = Object.keys(OPEN);

/**
 * @param {string} host one of HOST_NAMES
 * @param {{repo?: string, provider?: string, workflow: boolean, openAuthoring: boolean}} options
 * @returns {Promise<{backend: string, settings: object, what: string, more?: string,
 *   repo?: string, files?: Map, server?: object}>} backend is its name and settings are more keys
 *   of the config's backend block; server is what has to run for it; files fill test-repo; what
 *   and more are for people
 */
export async function openBackend(host, options) {
  return OPEN[host](options);
}
