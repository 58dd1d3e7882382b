// make run: the CMS on a real Git repository, until Ctrl-C.
//
//   REPO=path          a repository of your own in place of the sample site
//   CONFIG=path        its config.yml, when it isn't in admin/, static/admin/ or public/admin/
//   BACKEND=test-repo  edit in memory, with no proxy server
//   WORKFLOW=1         with the editorial workflow
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adaptConfig } from './demo/config.mjs';
import { sampleFiles } from './demo/content.mjs';
import { freePort } from './demo/ports.mjs';
import { startProxy } from './demo/proxy.mjs';
import { startSite } from './demo/server.mjs';
import { makeSampleSite } from './demo/site.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readOptions(env) {
  const backend = env.BACKEND || 'proxy';
  if (!['proxy', 'test-repo'].includes(backend)) {
    fail(`BACKEND is ${backend}: it must be proxy or test-repo.`);
  }
  if (backend === 'test-repo' && env.REPO) {
    fail('BACKEND=test-repo edits the sample site in memory: leave REPO out.');
  }
  return {
    backend,
    repo: env.REPO ? resolve(env.REPO) : undefined,
    config: env.CONFIG ? resolve(env.CONFIG) : undefined,
    workflow: Boolean(env.WORKFLOW) && env.WORKFLOW !== '0',
  };
}

function openRepository({ repo }) {
  if (!repo) return makeSampleSite(join(root, '.demo/site'));
  if (!existsSync(join(repo, '.git'))) {
    fail(`REPO is ${repo}, which is not the top of a Git repository.`);
  }
  return repo;
}

function findConfig(repo, { config }) {
  const places = ['admin', 'static/admin', 'public/admin'].map((dir) =>
    join(repo, dir, 'config.yml'),
  );
  const found = (config ? [config] : places).find(existsSync);
  if (!found) {
    fail(`No config.yml at ${config ?? places.join(', ')}. Name it with CONFIG=path.`);
  }
  return readFileSync(found, 'utf8');
}

async function start(options) {
  const repo = openRepository(options);
  const yaml = findConfig(repo, options);
  const running = [];
  let proxy;
  if (options.backend === 'proxy') {
    proxy = await startProxy({ repo, port: await freePort(8081, 'proxy server') });
    running.push(proxy);
  }
  const config = adaptConfig(yaml, { ...options, proxyURL: proxy?.url });
  const files = options.backend === 'test-repo' ? sampleFiles() : undefined;
  const port = await freePort(8080, 'page');
  const site = await startSite({ port, config, repo, files });
  running.push(site);
  return { repo, proxy, site, running };
}

function stopOnSignal({ proxy, running }) {
  let stopping = false;
  const stop = async (code) => {
    if (stopping) return;
    stopping = true;
    await Promise.all(running.map((server) => server.stop()));
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
  proxy?.child.once('exit', (code, signal) => {
    if (stopping) return;
    console.error(
      `The proxy server stopped by itself (${signal ?? `exit ${code}`}):\n${proxy.log()}`,
    );
    stop(1);
  });
}

const options = readOptions(process.env);
try {
  const demo = await start(options);
  stopOnSignal(demo);
  console.log(`\n  ${demo.site.admin}\n`);
  const what = demo.proxy ? `the repository ${demo.repo}` : 'a sample site in memory';
  console.log(`Open it to edit ${what}. Ctrl-C stops it.`);
} catch (error) {
  fail(error.message);
}
