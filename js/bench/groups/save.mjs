// Saving an entry that is open in the editor, alone and with images, in a session that has
// saved before. Each backend has a repository of its own.
import { inTurn, row } from '../lib/contest.mjs';
import { BENCHED } from '../lib/hosts.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { path, post, posts, slug } from '../lib/posts.mjs';

const contenders = ['builtin', 'ours'];

const jobs = [
  ['save one entry', 'save', undefined],
  ['save an entry with ten 1 MB images', 'images', { count: 10, bytes: 1e6 }],
];

export async function run(bench, host) {
  const { limits } = BENCHED[host];
  const site = await openSite(bench, host);
  try {
    for (const who of contenders) await site.repository(`save-${who}`, posts(1000));
    const results = [];
    for (const [job, name, images] of jobs) {
      const runs = await inTurn(contenders, (who, round) => save(site, who, round, images));
      results.push(row(job, runs.ours, runs.builtin, limits[name]));
    }
    return results;
  } finally {
    await site.close();
  }
}

async function save(site, who, round, images) {
  const context = await site.context();
  const name = `save-${who}`;
  const session = await site.signIn(context, { who, name });
  const entry = { path: path(slug(500 + round)), slug: slug(500 + round) };
  await session.run('edit', entry);
  const before = post(
    `Saved for the first time, round ${round}, ${images ? 'then with images' : ''}`,
  );
  await session.measure('save', { ...entry, raw: before }, 0);
  await session.run('edit', entry); // as the CMS does after a save
  if (images) await session.run('chooseImages', { ...images, prefix: `round-${round}` });
  const after = post(`Saved again, round ${round}, ${images ? 'with images' : ''}`);
  const figures = await session.measure('save', { ...entry, raw: after }, 0);
  if ((await site.text(name, entry.path)) !== after) throw new Error(`${who} did not save`);
  await context.close();
  return figures;
}
