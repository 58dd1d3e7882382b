// 10,000 entries in nested folders, cold. The built-in backends are left out: two requests an
// entry are more than GitHub allows in four hours.
import { inTurn, row } from '../lib/contest.mjs';
import { BENCHED } from '../lib/hosts.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { docs } from '../lib/posts.mjs';

const COUNT = 10_000;

export async function run(bench, host) {
  const site = await openSite(bench, host);
  try {
    await site.repository('large', docs(COUNT));
    const { ours } = await inTurn(['ours'], async () => {
      const context = await site.context();
      const session = await site.signIn(context, { who: 'ours', name: 'large' });
      const figures = await session.measure('all', { folder: 'content/docs', depth: 10 }, COUNT);
      await context.close();
      return figures;
    });
    return [row('all 10,000 entries, nested, cold', ours, undefined, BENCHED[host].limits.large)];
  } finally {
    await site.close();
  }
}
