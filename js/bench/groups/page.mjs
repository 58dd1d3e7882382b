// How long the page is blocked at the longest while much is read.
import { proxySite } from '../lib/proxysite.mjs';
import { median, result } from '../lib/table.mjs';

const ROUNDS = 5;
const LIMIT = 50;

const jobs = {
  '1,000 entries of 4 kB are listed': 'list',
  'an answer of 5 MB is read': 'read',
};

export async function run(bench) {
  const proxy = await proxySite(bench.dir);
  const results = [];
  try {
    for (const [job, action] of Object.entries(jobs)) {
      const longest = await inTurn(bench, action, proxy.url);
      for (const thread of ['worker', 'page']) {
        const ms = median(longest[thread]);
        const limit = thread === 'worker' ? LIMIT : null;
        const ok = limit === null || ms <= limit;
        results.push(result(`longest task while ${job}, thread: ${thread}`, { ms, limit, ok }));
      }
    }
  } finally {
    await proxy.stop();
  }
  return results;
}

async function inTurn(bench, action, url) {
  const longest = { worker: [], page: [] };
  for (let i = 0; i < ROUNDS; i++) {
    for (const thread of ['worker', 'page']) {
      longest[thread].push(await blocked(bench, thread, action, url));
    }
  }
  return longest;
}

async function blocked(bench, thread, action, url) {
  const page = await bench.page();
  try {
    return await page.evaluate(measure, { thread, action, url });
  } finally {
    await page.context().close();
  }
}

// Runs in the page. The observer hears of tasks of 50 ms and more; 0 is none of them.
async function measure({ thread, action, url }) {
  const { createBackend } = await import('/dist/index.js');
  const backend = createBackend('proxy', { backend: { proxy_url: url } }, { thread });
  await backend.ready();
  await new Promise((resolve) => setTimeout(resolve, 300));

  let longest = 0;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  }).observe({ type: 'longtask' });

  if (action === 'list') {
    const entries = await backend.entriesByFolder('posts', 'md', 1);
    if (entries.length !== 1000) throw new Error(`${entries.length} entries were listed`);
  } else {
    const { data } = await backend.getEntry('big.md');
    if (data.length < 5_000_000) throw new Error(`${data.length} characters were read`);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return longest;
}
