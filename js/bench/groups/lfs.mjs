// 300 MB of images in one session, to a host's Git LFS and back to be shown. The files pass
// the Go program by reference: its memory must not grow with them. The built-in backends are
// left out: they either have no Git LFS, or commit what they could not store.
import { row } from '../lib/contest.mjs';
import { openSite } from '../lib/hostsite.mjs';
import { path, post, slug } from '../lib/posts.mjs';

const SAVES = 10;
const IMAGES = { count: 3, bytes: 10 * 2 ** 20 };

/** What the program's memory may be in the end, in MB. */
const LIMITS = { memory: 150 };

const NAME = 'lfs';

export async function run(bench, host) {
  const site = await openSite(bench, host);
  try {
    await site.set({ latency: 0, lfsUsable: true });
    await site.repository(NAME, {
      '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n',
    });
    const session = await site.signIn(await site.context(), { who: 'ours', name: NAME });
    const hashes = {};
    const saved = [];
    for (let i = 0; i < SAVES; i++) {
      Object.assign(hashes, await session.run('chooseImages', { ...IMAGES, prefix: `save-${i}` }));
      const entry = { path: path(slug(i)), slug: slug(i), raw: post(`Save ${i}`) };
      saved.push(await session.measure('save', entry, 0));
    }
    await checkStored(site, hashes);
    const shown = await session.measure('show', { hashes }, 0);
    const mb = Math.round((SAVES * IMAGES.count * IMAGES.bytes) / 2 ** 20);
    return [
      row(`save ${mb} MB of images through Git LFS: each of ${SAVES} saves`, saved, [], LIMITS),
      row('… and show them all', [shown], [], LIMITS),
    ];
  } finally {
    await site.close();
  }
}

/** Every image is whole in the store, and a pointer in Git. hashes: by path. */
async function checkStored(site, hashes) {
  const objects = await site.largeFiles(NAME);
  for (const [name, hash] of Object.entries(hashes)) {
    if (objects[hash] !== IMAGES.bytes) throw new Error(`${name} is not in the store`);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${hash}\nsize ${IMAGES.bytes}\n`;
    if ((await site.text(NAME, name)) !== pointer) throw new Error(`${name} is no pointer in Git`);
  }
}
