// A folder of 1,000 entries: its first page, all of it, and all of it once more in a new session.
import { inTurn, row } from '../lib/contest.mjs';
import { BENCHED } from '../lib/hosts.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { posts } from '../lib/posts.mjs';

const COUNT = 1000;
const PAGE = 20;

const folder = { folder: 'content/posts', depth: 1 };

export async function run(bench, host) {
  const { limits } = BENCHED[host];
  const site = await openSite(bench, host);
  try {
    await site.repository('lists', posts(COUNT));
    return [await firstPage(site, limits), ...(await everything(site, limits))];
  } finally {
    await site.close();
  }
}

async function firstPage(site, limits) {
  const runs = await inTurn(['builtin', 'ours'], async (who) => {
    const context = await site.context();
    const session = await site.signIn(context, { who, name: 'lists' });
    const figures = await session.measure('firstPage', folder, PAGE);
    await context.close();
    return figures;
  });
  return row('first page of 1,000 entries', runs.ours, runs.builtin, limits.firstPage);
}

/**
 * Cold: nothing is kept. Then the page is closed and another one opened, which finds what
 * the first one kept: ours its store, the built-in its metadata and the browser's HTTP cache.
 */
async function everything(site, limits) {
  const runs = await inTurn(['builtin', 'ours', 'metadata'], async (who) => {
    const context = await site.context();
    const options = { who, name: 'lists', metadata: who === 'metadata' };
    const first = await site.signIn(context, options);
    const cold = await first.measure('all', folder, COUNT);
    if (who !== 'builtin') await first.run('stored', { count: COUNT });
    await first.close();
    const next = await site.signIn(context, options);
    const kept = await next.measure('all', folder, COUNT);
    await context.close();
    return { cold, kept };
  });
  const of = (who, when) => runs[who].map((figures) => figures[when]);
  const line = (job, who, when, most) => row(job, of(who, when), of('builtin', when), most);
  const again = 'all 1,000 entries, filled store, new session after sign-in';
  return [
    line('all 1,000 entries, cold', 'ours', 'cold', limits.all),
    line('… with authors and dates (for information)', 'metadata', 'cold'),
    line(again, 'ours', 'kept', limits.unchanged),
    line('… with authors and dates (for information)', 'metadata', 'kept'),
  ];
}
