// The proxy backend beside the built-in one, on the same real proxy server.
import { proxySite } from '../lib/proxysite.mjs';
import { median, result } from '../lib/table.mjs';

const ROUNDS = 5;

const jobs = {
  'first page of 1,000 entries': 'first',
  'all 1,000 entries': 'all',
  'save one entry': 'save',
};

export async function run(bench) {
  const proxy = await proxySite(bench.dir);
  const results = [];
  try {
    for (const [job, action] of Object.entries(jobs)) {
      results.push(await compare(bench, job, action, proxy.url));
    }
  } finally {
    await proxy.stop();
  }
  return results;
}

async function compare(bench, job, action, url) {
  const runs = { ours: [], builtin: [] };
  for (let i = 0; i < ROUNDS; i++) {
    for (const who of ['ours', 'builtin']) runs[who].push(await once(bench, who, action, url));
  }
  const [ms, builtinMs] = [runs.ours, runs.builtin].map((all) => median(all.map((r) => r.ms)));
  const [requests, builtinRequests] = [runs.ours[0].requests, runs.builtin[0].requests];
  return result(job, { requests, ms, builtinRequests, builtinMs, ratio: ms / builtinMs });
}

async function once(bench, who, action, url) {
  const page = await bench.page({ cms: true });
  let requests = 0;
  try {
    await page.evaluate(prepare, { who, url });
    page.context().on('request', (request) => {
      if (request.url() === url && request.method() === 'POST') requests++;
    });
    const ms = await page.evaluate(act, action);
    return { ms, requests };
  } finally {
    await page.context().close();
  }
}

async function prepare({ who, url }) {
  const config = { backend: { name: 'proxy', proxy_url: url }, media_folder: 'media' };
  if (who === 'builtin') {
    window.backend = new window.StaticCmsApp.ProxyBackend(config, {});
    window.firstPage = () => window.backend.entriesByFolder('posts', 'md', 1);
  } else {
    const { createBackend } = await import('/dist/index.js');
    window.backend = createBackend('proxy', config);
    await window.backend.ready();
    window.firstPage = async () => {
      const { entries } = await window.backend.entries('posts', 'md', 1, { offset: 0, limit: 20 });
      return entries;
    };
  }
}

async function act(action) {
  const before = performance.now();
  if (action === 'first') await window.firstPage();
  else if (action === 'all') await window.backend.allEntriesByFolder('posts', 'md', 1);
  else {
    const dataFiles = [
      { path: 'posts/post-0500.md', slug: 'post-0500', raw: `saved at ${Date.now()}\n` },
    ];
    await window.backend.persistEntry(
      { dataFiles, assets: [] },
      { commitMessage: 'save', collectionName: 'posts' },
    );
  }
  return performance.now() - before;
}
