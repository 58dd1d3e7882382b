// make run: the CMS on a repository, until Ctrl-C.
//
//   HOST=proxy         a real Git repository, through a proxy server; the default
//   HOST=github        the sample site on a fake GitHub, in memory; so with gitlab, gitea, forgejo,
//                      bitbucket, and git-gateway with what PROVIDER says behind it
//   HOST=test-repo     the sample site in the page's memory
//   REPO=path          with proxy: a repository of your own in place of the sample site
//   CONFIG=path        the config.yml, when it isn't in admin/, static/admin/ or public/admin/
//   WORKFLOW=1         with the editorial workflow
//   PROVIDER=gitlab    with git-gateway: or github, the default, or bitbucket
//   OPEN_AUTHORING=1   with github: people without write access work on forks
//
// BACKEND is the older name of HOST.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOST_NAMES, openBackend } from './demo/backends.mjs';
import { adaptConfig } from './demo/config.mjs';
import { freePort } from './demo/ports.mjs';
import { startSite } from './demo/server.mjs';

const SAMPLE = fileURLToPath(new URL('../js/examples/site/admin/config.yml', import.meta.url));

function fail(message) {
  console.error(message);
  process.exit(1);
}

const isOn = (value) => Boolean(value) && value !== '0';

function readOptions(env) {
  const host = env.HOST || env.BACKEND || 'proxy';
  if (!HOST_NAMES.includes(host)) fail(`HOST is ${host}: it must be ${HOST_NAMES.join(', ')}.`);
  if (host !== 'proxy' && env.REPO) {
    fail(`HOST=${host} edits the sample site in memory: leave REPO out.`);
  }
  const openAuthoring = isOn(env.OPEN_AUTHORING);
  if (openAuthoring && host !== 'github') fail('OPEN_AUTHORING is for GitHub: set HOST=github.');
  if (env.PROVIDER && host !== 'git-gateway') fail('PROVIDER is for git-gateway: set HOST to it.');
  return {
    host,
    provider: env.PROVIDER || undefined,
    repo: env.REPO ? resolve(env.REPO) : undefined,
    config: env.CONFIG ? resolve(env.CONFIG) : undefined,
    workflow: isOn(env.WORKFLOW) || openAuthoring,
    openAuthoring,
  };
}

function readConfig(repo, { config }) {
  const inRepo = (dir) => join(repo, dir, 'config.yml');
  const places = repo ? ['admin', 'static/admin', 'public/admin'].map(inRepo) : [SAMPLE];
  const found = (config ? [config] : places).find(existsSync);
  if (!found) {
    fail(`No config.yml at ${config ?? places.join(', ')}. Name it with CONFIG=path.`);
  }
  return readFileSync(found, 'utf8');
}

async function start(options) {
  const backend = await openBackend(options.host, options);
  const { repo, files } = backend;
  const config = adaptConfig(readConfig(repo, options), { ...options, ...backend });
  const site = await startSite({ port: await freePort(8080, 'page'), config, repo, files });
  return { backend, site };
}

function stopOnSignal({ backend: { server }, site }) {
  let stopping = false;
  const stop = async (code) => {
    if (stopping) return;
    stopping = true;
    await Promise.all([site.stop(), server?.stop()]);
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
  server?.child.once('exit', (code, signal) => {
    if (stopping) return;
    const end = signal ?? `exit ${code}`;
    console.error(`The ${server.name} stopped by itself (${end}):\n${server.log()}`);
    stop(1);
  });
}

try {
  const demo = await start(readOptions(process.env));
  stopOnSignal(demo);
  console.log(`\n  ${demo.site.admin}\n`);
  console.log(`Open it to edit ${demo.backend.what}. Ctrl-C stops it.`);
  if (demo.backend.more) console.log(demo.backend.more);
} catch (error) {
  fail(error.message);
}
