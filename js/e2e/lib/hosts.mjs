// What stands behind the CMS in a test's world, by backend: what its config
// says, what a test arranges, and where it looks for what was saved.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleFiles } from '../../../scripts/demo/content.mjs';
import { startFakeHosts } from '../../../scripts/demo/fakehosts.mjs';
import { addSampleSite, githubConfig } from '../../../scripts/demo/github.mjs';
import { anyPort } from '../../../scripts/demo/ports.mjs';
import { startProxy } from '../../../scripts/demo/proxy.mjs';
import { makeSampleSite } from '../../../scripts/demo/site.mjs';
import { GitHubStore } from './githubstore.mjs';
import { startRelay } from './relay.mjs';
import { GitStore, MemoryStore } from './store.mjs';

function testRepo() {
  return {
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

async function github({ openAuthoring, privateRepository }) {
  const hosts = await startFakeHosts(['--seed=empty']);
  await addSampleSite(hosts.control, { private: privateRepository });
  return {
    hosts,
    settings: { ...githubConfig(hosts), ...(openAuthoring && { open_authoring: true }) },
    token: hosts.tokens.editor,
    store: () => new GitHubStore(hosts),
    stop: hosts.stop,
  };
}

const START = { 'test-repo': testRepo, proxy, github };

/** Starts what options.backend needs: see world.mjs. */
export async function startHost(options) {
  return START[options.backend](options);
}
