// A fake host over HTTP/2 with latency, and Chromium that takes its certificate.
import { startFakeHosts } from '../../../scripts/demo/fakehosts.mjs';
import { BUILTINS } from '../../../scripts/demo/hosts/builtin.mjs';
import { HOSTS } from '../../../scripts/demo/hosts/index.mjs';
import { BENCHED } from './hosts.mjs';

/** Added to each answer, preflights included, in milliseconds. */
const LATENCY = 40;

/** What trickles in after a job belongs to it too: it is waited for so long, in milliseconds. */
const TRAIL = 300;

/** @param {string} host a name of HOSTS and of BENCHED */
export async function openSite(bench, host) {
  const flags = [...HOSTS[host].flags, '--tls', '--latency', `${LATENCY}ms`, '--seed', 'empty'];
  const hosts = await startFakeHosts(flags);
  // Only this certificate is let in, not every broken one.
  const browser = await bench.launch([`--ignore-certificate-errors-spki-list=${hosts.spki}`]);
  // The built-in backends would soon have made the requests that an hour has.
  await hosts.control.post('settings', { hourlyLimit: 1e9 });
  return new Site(bench, host, hosts, browser);
}

class Site {
  #bench;
  #host;
  #hosts;
  #browser;

  constructor(bench, host, hosts, browser) {
    this.#bench = bench;
    this.#host = host;
    this.#hosts = hosts;
    this.#browser = browser;
  }

  /** A repository of the signed-in user. files: text by path. */
  async repository(name, files) {
    const all = Object.entries(files).map(([path, content]) => [path, { content }]);
    await this.#hosts.control.post('repositories', {
      owner: 'editor',
      name,
      files: Object.fromEntries(all),
    });
  }

  /** Somebody else's commit. files: text by path. */
  async commit(name, files) {
    const all = Object.entries(files).map(([path, content]) => [path, { content }]);
    await this.#hosts.control.post('commits', {
      repository: `editor/${name}`,
      branch: 'main',
      author: 'contributor',
      message: `Change ${all.length} files`,
      files: Object.fromEntries(all),
    });
  }

  /** Runs work without latency: it is not measured. */
  async quickly(work) {
    await this.#hosts.control.post('settings', { latency: 0 });
    await work();
    await this.#hosts.control.post('settings', { latency: LATENCY });
  }

  /** Changes settings of the fake host. */
  set(settings) {
    return this.#hosts.control.post('settings', settings);
  }

  /** The sizes of what a repository has in Git LFS, by hash. */
  largeFiles(name) {
    return this.#hosts.control.get(`lfs?repository=editor/${name}`);
  }

  /** The text of a file on the main branch. */
  async text(name, path) {
    const files = await this.#hosts.control.get(`tree?repository=editor/${name}&branch=main`);
    return files[path] && Buffer.from(files[path].base64, 'base64').toString();
  }

  /** A browser of its own as far as caches and stores go. */
  context() {
    return this.#browser.newContext();
  }

  /**
   * A page in which somebody has just signed in: the wasm runs, the connection stands.
   * @param {{who: string, name: string, workflow?: boolean, metadata?: boolean}} options
   *   who: builtin, or anything else for ours; name: the repository's
   */
  async signIn(context, { who, name, workflow = false, metadata = false }) {
    const page = await context.newPage();
    await page.goto(`${this.#bench.origin}/cms.html`);
    const session = new Session(page, this.#hosts.control, BENCHED[this.#host].absent);
    const config = configOf(this.#backend(name), workflow, metadata);
    const token = this.#hosts.tokens.editor;
    const builtin = BUILTINS[this.#host].name;
    await session.run('open', { who, builtin, dist: '/watched', config, token });
    return session;
  }

  /** The backend block of a site whose repository has that name. */
  #backend(name) {
    const { backend, settings } = HOSTS[this.#host];
    const own = settings(this.#hosts, `editor/${name}`);
    return { name: backend, ...own, cms_label_prefix: 'static-cms/' };
  }

  async close() {
    await this.#browser.close();
    await this.#hosts.stop();
  }
}

function configOf(backend, workflow, metadata) {
  const fields = metadata ? ['title', 'commit_date'] : ['title'];
  const collection = (name) => ({
    name,
    folder: `content/${name}`,
    sortable_fields: { fields },
  });
  return {
    backend,
    publish_mode: workflow ? 'editorial_workflow' : 'simple',
    media_folder: 'static/images',
    public_folder: '/images',
    collections: [collection('posts'), collection('docs')],
  };
}

/** A page with a backend in it. */
class Session {
  #page;
  #control;
  #absent;

  constructor(page, control, absent) {
    this.#page = page;
    this.#control = control;
    this.#absent = absent;
  }

  /** Calls a function of pages/backend.mjs. */
  run(name, args = {}) {
    return this.#page.evaluate(
      async (call) => (await import('/bench/pages/backend.mjs'))[call.name](call.args),
      { name, args },
    );
  }

  /** Does a job and counts its requests; entries is how many must come of it. */
  async measure(job, args, entries) {
    await this.#control.delete('requests');
    const done = await this.run('timed', { job, args });
    await new Promise((resolve) => setTimeout(resolve, TRAIL));
    if (done.entries !== entries) throw new Error(`${job}: ${done.entries} entries came`);
    const log = await this.#control.get('requests');
    // It may be an answer that a folder is not there yet.
    const bad = log.find(({ status }) => status >= 400 && !this.#absent.includes(status));
    if (bad) throw new Error(`${job}: ${bad.method} ${bad.path} was answered with ${bad.status}`);
    const preflights = log.filter(({ method }) => method === 'OPTIONS').length;
    if (process.env.TRACE) console.error(written(job, done.ms, log));
    const requests = log.length - preflights;
    return { ms: done.ms, requests, preflights, memory: await this.#memory() };
  }

  /** How large the Go program's memory has become, in bytes. It never shrinks. */
  #memory() {
    const [worker] = this.#page.workers(); // the built-in backend has none
    return worker?.evaluate(() => self.wasmMemory.buffer.byteLength);
  }

  close() {
    return this.#page.close();
  }
}

/** The requests of a job, without what would fill the screen. */
function written(job, ms, log) {
  const lines = log.map((q) => `  ${q.method} ${q.path} ${q.query ?? ''} ${q.operation ?? ''}`);
  return [`${job}: ${Math.round(ms)} ms, ${log.length} requests`, ...lines.slice(0, 40)].join('\n');
}
