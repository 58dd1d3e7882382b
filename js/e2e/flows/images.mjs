// Pictures that only who is signed in may see.
import assert from 'node:assert/strict';
import { TITLE } from '../lib/troubles.mjs';

/** A picture is there when the browser has decoded it. */
const isShown = (image) => image.evaluate((img) => img.complete && img.naturalWidth > 0);

export async function privateImages({ cms, page }) {
  await cms.signIn();
  await cms.openMedia();
  await cms.card('cover-1.png').waitFor();
  const inLibrary = cms.card('cover-1.png').locator('img');
  await cms.until(() => isShown(inLibrary), 'the picture in the media library');
  await cms.openEntry('posts', 'post-03', TITLE);
  const inEditor = cms.field('Cover image').locator('img');
  await cms.until(() => isShown(inEditor), 'the picture in the editor');
  assert.equal(await page.locator('#mooring-notice').count(), 0);
}
