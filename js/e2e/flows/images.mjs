// Pictures that are more than a file for everybody.
import assert from 'node:assert/strict';
import { gradientPNG } from '../../../scripts/demo/png.mjs';
import { TITLE } from '../lib/troubles.mjs';

const PICTURE = gradientPNG(64, 64, [255, 0, 0], [128, 0, 0]);

/** A picture is there when the browser has decoded it. */
const isShown = (image) => image.evaluate((img) => img.complete && img.naturalWidth > 0);

async function shownInLibrary({ cms }, name) {
  await cms.openMedia();
  await cms.card(name).waitFor();
  const image = cms.card(name).locator('img');
  await cms.until(() => isShown(image), 'the picture in the media library');
}

/** Only who is signed in may see them. */
export async function privateImages(world) {
  const { cms, page } = world;
  await cms.signIn();
  await shownInLibrary(world, 'cover-1.png');
  await cms.openEntry('posts', 'post-03', TITLE);
  const inEditor = cms.field('Cover image').locator('img');
  await cms.until(() => isShown(inEditor), 'the picture in the editor');
  assert.equal(await page.locator('#mooring-notice').count(), 0);
}

/** The repository has a pointer; Git LFS has what it stands for. */
export async function largeImages(world) {
  const { cms, hosts, repository, store } = world;
  const stored = { repository, base64: PICTURE.toString('base64') };
  const { oid, size } = await hosts.control.post('lfs', stored);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
  await store.commit({
    '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n',
    'static/images/large.png': pointer,
  });
  await cms.signIn();
  await shownInLibrary(world, 'large.png');

  await cms.upload({ name: 'another.png', mimeType: 'image/png', buffer: PICTURE });
  await cms.until(() => store.has('static/images/another.png'), 'the upload to be saved');
  assert.equal(await store.read('static/images/another.png'), pointer);
  await cms.card('another.png').waitFor();
  await shownInLibrary(world, 'another.png');
}

/** The store refuses it: nothing is committed, neither a pointer nor the picture. */
export async function failedLargeImage({ cms, hosts, store }) {
  await store.commit({ '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n' });
  await cms.signIn();
  const head = await store.head();
  await hosts.control.post('settings', { lfs: { refuse: 403 } });
  await cms.openMedia();
  await cms.card('cover-1.png').waitFor();
  await cms.upload({ name: 'large.png', mimeType: 'image/png', buffer: PICTURE });
  assert.match(await cms.expectToast('error'), /Git LFS.*refuses/);
  assert.equal(await store.head(), head);

  await hosts.control.post('settings', { lfs: { refuse: 0 } });
  await cms.upload({ name: 'large.png', mimeType: 'image/png', buffer: PICTURE });
  await cms.until(() => store.has('static/images/large.png'), 'the upload to be saved');
  assert.match(await store.read('static/images/large.png'), /^version https:\/\/git-lfs/);
}
