// The workflow board with 100 drafts of one author, which the built-in backend made. It asks who
// the author is once for each, and Chromium answers these one after the other.
import { inTurn, row } from '../lib/contest.mjs';
import { openSite } from '../lib/githubsite.mjs';
import { path, post, posts } from '../lib/posts.mjs';

const DRAFTS = 100;
const repository = { name: 'board', workflow: true };

export async function run(bench) {
  const site = await openSite(bench);
  try {
    await site.repository('board', posts(100));
    await site.quickly(() => addDrafts(site));
    const runs = await inTurn(['builtin', 'ours'], async (who) => {
      const context = await site.context();
      const session = await site.signIn(context, { who, ...repository });
      const figures = await session.measure('board', {}, DRAFTS);
      await context.close();
      return figures;
    });
    const limits = { requests: 6, ratio: 0.15 };
    return [row('list 100 drafts in the workflow board', runs.ours, runs.builtin, limits)];
  } finally {
    await site.close();
  }
}

async function addDrafts(site) {
  const context = await site.context();
  const session = await site.signIn(context, { who: 'builtin', ...repository });
  for (let i = 0; i < DRAFTS; i++) {
    const slug = `draft-${i}`;
    const args = { path: path(slug), slug, raw: post(slug), workflow: true };
    await session.run('timed', { job: 'save', args });
  }
  await context.close();
}
