// A folder of 1,000 entries: its first page, all of it, and all of it once more in a new session,
// when nothing has changed and when somebody else has changed a few.
import { inTurn, row } from '../lib/contest.mjs';
import { BENCHED } from '../lib/hosts.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { path, post, posts, slug } from '../lib/posts.mjs';

const COUNT = 1000;
const PAGE = 20;
const CHANGED = 5;

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
 * Then somebody else changes entries, and a third page is opened.
 */
async function everything(site, limits) {
  const runs = await inTurn(['builtin', 'ours', 'metadata'], async (who, round) => {
    const context = await site.context();
    const list = () => listAll(site, context, who);
    const cold = await list();
    const kept = await list();
    await site.commit('lists', changed(`by somebody else, round ${round} of ${who}`));
    const changes = await list();
    await context.close();
    return { cold, kept, changes };
  });
  const of = (who, when) => runs[who].map((figures) => figures[when]);
  const line = (job, who, when, most) => row(job, of(who, when), of('builtin', when), most);
  const again = 'all 1,000 entries, filled store, new session after sign-in';
  return [
    line('all 1,000 entries, cold', 'ours', 'cold', limits.all),
    line('… with authors and dates (for information)', 'metadata', 'cold'),
    line(again, 'ours', 'kept', limits.unchanged),
    line('… with authors and dates (for information)', 'metadata', 'kept'),
    line(`… when others have changed ${CHANGED}`, 'ours', 'changes', limits.changed),
  ];
}

/** A session that does nothing but list everything, until our store has it. */
async function listAll(site, context, who) {
  const options = { who, name: 'lists', metadata: who === 'metadata' };
  const session = await site.signIn(context, options);
  const figures = await session.measure('all', folder, COUNT);
  if (who !== 'builtin') await session.run('stored', { count: COUNT });
  await session.close();
  return figures;
}

/** Entries from all over the folder, with another text. */
function changed(how) {
  const names = Array.from({ length: CHANGED }, (_, i) => slug((i * COUNT) / CHANGED));
  return Object.fromEntries(names.map((name) => [path(name), post(`${name}, changed ${how}`)]));
}
