// The workflow board with drafts of one author. The built-in backend for GitHub asks who the
// author is once for each, and Chromium answers these one after the other.
import { BUILTINS } from '../../../scripts/demo/hosts/builtin.mjs';
import { inTurn, row } from '../lib/contest.mjs';
import { BENCHED } from '../lib/hosts.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { path, post, posts } from '../lib/posts.mjs';

const repository = { name: 'board', workflow: true };

export async function run(bench, host) {
  const { drafts, limits } = BENCHED[host];
  const contenders = BUILTINS[host].can.includes('workflow') ? ['builtin', 'ours'] : ['ours'];
  const site = await openSite(bench, host);
  try {
    await site.repository('board', posts(100));
    await site.quickly(() => addDrafts(site, contenders[0], drafts));
    const runs = await inTurn(contenders, (who) => visitTwice(site, who, drafts));
    const line = (job, when, most) => {
      const [ours, builtin] = [runs.ours, runs.builtin ?? []].map((all) => all.map((r) => r[when]));
      return row(job, ours, builtin, most);
    };
    return [
      line(`list ${drafts} drafts in the workflow board`, 'first', limits.board),
      line('… once more, filled store, new session (for information)', 'again'),
    ];
  } finally {
    await site.close();
  }
}

async function visitTwice(site, who, drafts) {
  const context = await site.context();
  const session = await site.signIn(context, { who, ...repository });
  const first = await session.measure('board', {}, drafts);
  if (who === 'ours') await session.run('stored', { count: drafts });
  await session.close();
  const next = await site.signIn(context, { who, ...repository });
  const again = await next.measure('board', {}, drafts);
  await context.close();
  return { first, again };
}

async function addDrafts(site, who, drafts) {
  const context = await site.context();
  const session = await site.signIn(context, { who, ...repository });
  for (let i = 0; i < drafts; i++) {
    const slug = `draft-${i}`;
    const args = { path: path(slug), slug, raw: post(slug), workflow: true };
    await session.run('timed', { job: 'save', args });
  }
  await context.close();
}
