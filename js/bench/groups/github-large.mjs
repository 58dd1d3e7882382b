// 10,000 entries in nested folders, cold. The built-in backend is left out: two requests an
// entry are more than GitHub allows in four hours.
import { inTurn, row } from '../lib/contest.mjs';
import { openSite } from '../lib/githubsite.mjs';
import { docs } from '../lib/posts.mjs';

const COUNT = 10_000;

export async function run(bench) {
  const site = await openSite(bench);
  try {
    await site.repository('large', docs(COUNT));
    const { ours } = await inTurn(['ours'], async () => {
      const context = await site.context();
      const session = await site.signIn(context, { who: 'ours', name: 'large' });
      const figures = await session.measure('all', { folder: 'content/docs', depth: 10 }, COUNT);
      await context.close();
      return figures;
    });
    return [row('all 10,000 entries, nested, cold', ours, [], { requests: 60, memory: 200 })];
  } finally {
    await site.close();
  }
}
