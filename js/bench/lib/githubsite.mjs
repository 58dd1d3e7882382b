// The fake GitHub over HTTP/2 with latency, and Chromium that takes its certificate.
import { startFakeHosts } from '../../../scripts/demo/fakehosts.mjs';

/** Added to each answer, preflights included, in milliseconds. */
const LATENCY = 40;

/** What trickles in after a job belongs to it too: it is waited for so long, in milliseconds. */
const TRAIL = 300;

export async function openSite(bench) {
  const hosts = await startFakeHosts(['--tls', '--latency', `${LATENCY}ms`, '--seed', 'empty']);
  // Only this certificate is let in, not every broken one.
  const browser = await bench.launch([`--ignore-certificate-errors-spki-list=${hosts.spki}`]);
  // The built-in backend would soon have made the 5,000 requests that an hour has.
  await hosts.control.post('settings', { hourlyLimit: 1e9 });
  return new Site(bench, hosts, browser);
}

class Site {
  #bench;
  #hosts;
  #browser;

  constructor(bench, hosts, browser) {
    this.#bench = bench;
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

  /** Runs work without latency: it is not measured. */
  async quickly(work) {
    await this.#hosts.control.post('settings', { latency: 0 });
    await work();
    await this.#hosts.control.post('settings', { latency: LATENCY });
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
    const session = new Session(page, this.#hosts.control);
    const config = configOf(this.#hosts.github, `editor/${name}`, workflow, metadata);
    await session.run('open', { who, dist: '/watched', config, token: this.#hosts.tokens.editor });
    return session;
  }

  async close() {
    await this.#browser.close();
    await this.#hosts.stop();
  }
}

function configOf(api, repo, workflow, metadata) {
  const fields = metadata ? ['title', 'commit_date'] : ['title'];
  const collection = (name) => ({
    name,
    folder: `content/${name}`,
    sortable_fields: { fields },
  });
  return {
    backend: {
      name: 'github',
      repo,
      branch: 'main',
      api_root: api,
      cms_label_prefix: 'static-cms/',
    },
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

  constructor(page, control) {
    this.#page = page;
    this.#control = control;
  }

  /** Calls a function of pages/github.mjs. */
  run(name, args = {}) {
    return this.#page.evaluate(
      async (call) => (await import('/bench/pages/github.mjs'))[call.name](call.args),
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
    // A 404 may be an answer: it says that a folder is not there yet.
    const bad = log.find(({ status }) => status >= 400 && status !== 404);
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
