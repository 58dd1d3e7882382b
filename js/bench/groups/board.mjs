// The workflow board with 100 drafts of one author. The built-in backend for GitHub asks who the
// author is once for each, and Chromium answers these one after the other.
import { BUILTINS } from '../../../scripts/demo/hosts/builtin.mjs';
import { inTurn, row } from '../lib/contest.mjs';
import { BENCHED } from '../lib/hosts.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { path, post, posts } from '../lib/posts.mjs';

const DRAFTS = 100;
const repository = { name: 'board', workflow: true };

export async function run(bench, host) {
  const contenders = BUILTINS[host].can.includes('workflow') ? ['builtin', 'ours'] : ['ours'];
  const site = await openSite(bench, host);
  try {
    await site.repository('board', posts(100));
    await site.quickly(() => addDrafts(site, contenders[0]));
    const runs = await inTurn(contenders, async (who) => {
      const context = await site.context();
      const session = await site.signIn(context, { who, ...repository });
      const figures = await session.measure('board', {}, DRAFTS);
      await context.close();
      return figures;
    });
    const limits = BENCHED[host].limits.board;
    return [row('list 100 drafts in the workflow board', runs.ours, runs.builtin, limits)];
  } finally {
    await site.close();
  }
}

async function addDrafts(site, who) {
  const context = await site.context();
  const session = await site.signIn(context, { who, ...repository });
  for (let i = 0; i < DRAFTS; i++) {
    const slug = `draft-${i}`;
    const args = { path: path(slug), slug, raw: post(slug), workflow: true };
    await session.run('timed', { job: 'save', args });
  }
  await context.close();
}
