import assert from 'node:assert/strict';
import { gradientPNG } from '../../../scripts/demo/png.mjs';

const RED = gradientPNG(64, 64, [255, 0, 0], [128, 0, 0]);
const BLUE = gradientPNG(96, 96, [0, 0, 255], [0, 0, 128]);

const png = (name, buffer = RED) => ({ name, mimeType: 'image/png', buffer });

export const mediaFlows = {
  'media: list, upload, replace, delete': async ({ cms, store }) => {
    await cms.signIn();
    await cms.openMedia();
    await cms.card('cover-1.png').waitFor();

    await cms.upload(png('red.png'));
    await cms.card('red.png').waitFor();
    await cms.until(() => store.has('static/images/red.png'), 'the upload to be saved');
    assert.equal(await store.size('static/images/red.png'), RED.length);

    await cms.upload(png('red.png', BLUE));
    await cms.confirm();
    // The CMS deletes the old file before it saves the new one.
    const isBlue = () =>
      store.size('static/images/red.png').then(
        (size) => size === BLUE.length,
        () => false,
      );
    await cms.until(isBlue, 'the replacement to be saved');
    await cms.until(async () => (await cms.card('red.png').count()) === 1, 'one card of it');

    await cms.deleteMedia('red.png');
    await cms.until(async () => !(await store.has('static/images/red.png')), 'the file to go');
    assert.equal((await store.list('static/images/')).length, 6);
    assert.ok(await store.isClean());
  },

  'media: upload in an entry and use it': async ({ cms, page, store }) => {
    await cms.signIn();
    await cms.openEntry('posts', 'post-03', '03 Anchor on a calm day');
    await cms.field('Cover image').getByTestId('add-replace-upload').click();
    await page.locator('.CMS_MediaLibrary_root').waitFor();
    await cms.upload(png('hero.png'));
    await cms.card('hero.png').waitFor();
    await page.getByTestId('choose-selected').click();
    await cms.publish();
    assert.match(await store.read('content/posts/post-03.md'), /image: \/images\/hero\.png/);
    assert.ok(await store.has('static/images/hero.png'));
    assert.equal(await store.size('static/images/hero.png'), RED.length);
    assert.ok(await store.isClean());
  },
};

export const folderFlows = {
  'media: subfolders': async ({ cms, page, store }) => {
    await cms.signIn();
    await cms.openMedia();
    await cms.card('boats').waitFor();
    assert.equal(await cms.card('ketch.png').count(), 0, 'a folder shows its own files only');
    await cms.openFolder('boats');
    await cms.card('ketch.png').waitFor();
    await cms.upload(png('tug.png'));
    await cms.until(() => store.has('static/images/boats/tug.png'), 'the upload in its folder');
    await page.locator('[aria-label="go to home"]').click();
    await cms.card('cover-1.png').waitFor();
    await cms.createFolder('crew');
    await cms.until(() => store.has('static/images/crew/.gitkeep'), 'the new folder');
    await cms.card('crew').waitFor();
  },
};
