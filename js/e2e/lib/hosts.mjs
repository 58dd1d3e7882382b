// What stands behind the CMS in a test's world, by backend: what its config
// says, what a test arranges, and where it looks for what was saved.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleFiles } from '../../../scripts/demo/content.mjs';
import { startFakeHosts } from '../../../scripts/demo/fakehosts.mjs';
import { HOSTS } from '../../../scripts/demo/hosts/index.mjs';
import { oauthSettings } from '../../../scripts/demo/hosts/oauth.mjs';
import { anyPort } from '../../../scripts/demo/ports.mjs';
import { startProxy } from '../../../scripts/demo/proxy.mjs';
import { addSampleSite, REPOSITORY } from '../../../scripts/demo/samplesite.mjs';
import { makeSampleSite } from '../../../scripts/demo/site.mjs';
import { HostStore } from './hoststore.mjs';
import { startRelay } from './relay.mjs';
import { GitStore, MemoryStore } from './store.mjs';
import { WIRE } from './wire.mjs';

function testRepo() {
  return {
    backend: 'test-repo',
    files: sampleFiles(),
    settings: {},
    store: (page) => new MemoryStore(page),
    stop: () => {},
  };
}

async function proxy(options) {
  const dir = mkdtempSync(join(tmpdir(), 'mooring-e2e-'));
  const repo = makeSampleSite(join(dir, 'site'));
  const port = await anyPort();
  const start = () => startProxy({ repo, port, server: options.server });
  const direct = `http://localhost:${port}/api/v1`;
  const relay = options.relay ? await startRelay(direct) : undefined;
  const proxyURL = relay?.url ?? direct;
  return {
    backend: 'proxy',
    repo,
    relay,
    proxyURL,
    start,
    proxy: options.startProxy === false ? undefined : await start(),
    settings: { proxy_url: proxyURL },
    store: () => new GitStore(repo),
    stop: async () => {
      await relay?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Signs the editor in without a question, however it is asked. */
const AGREEABLE = { answer: 'approve', login: 'editor', implicit: true, cors: true };

async function fakeHost(name, { repository = REPOSITORY, flags = [], ...options }) {
  const kind = HOSTS[name];
  const hosts = await startFakeHosts([
    ...kind.flags,
    `--repository=${repository}`,
    ...flags,
    '--seed=empty',
  ]);
  if (options.oauth) await hosts.control.post('oauth', AGREEABLE);
  if (options.edge) await hosts.control.post('gateway/settings', { edge: true });
  await addSampleSite(hosts.control, { repository, private: options.privateRepository });
  const [account = hosts.tokens.editor] = kind.people?.(hosts) ?? [];
  return {
    backend: kind.backend,
    kind,
    wire: WIRE[name],
    hosts,
    repository,
    settings: {
      ...kind.settings(hosts, repository),
      ...oauthSettings(hosts, options.oauth),
      ...(options.openAuthoring && { open_authoring: true }),
    },
    account,
    client: kind.client(hosts, hosts.tokens.editor),
    store: () => new HostStore(hosts, repository),
    stop: hosts.stop,
  };
}

/** Starts what options.host needs: see world.mjs. */
export async function startHost(options) {
  if (options.host === 'test-repo') return testRepo();
  if (options.host === 'proxy') return proxy(options);
  return fakeHost(options.host, options);
}
