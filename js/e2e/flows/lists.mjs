import assert from 'node:assert/strict';
import { POST_COUNT } from '../../../scripts/demo/content.mjs';

const sorted = (titles) => [...titles].sort();

export const listFlows = {
  'list with paging to the end': async ({ cms }) => {
    await cms.signIn();
    const titles = await cms.scrollThrough(POST_COUNT);
    assert.equal(titles.length, POST_COUNT);
    assert.equal(new Set(titles.map((title) => title.slice(0, 2))).size, POST_COUNT);
  },

  search: async ({ cms }) => {
    await cms.signIn();
    await cms.search('60 Harbour');
    await cms.row('60 Harbour at dawn').waitFor();
    await cms.until(async () => (await cms.titles())[0]?.startsWith('60'), 'the best match on top');
  },

  sort: async ({ cms, page }) => {
    await cms.signIn();
    await cms.menu('sort options dropdown', 'Title');
    await cms.until(async () => (await cms.titles())[0]?.startsWith('01 '), 'titles ascending');
    assert.deepEqual(await cms.titles(), sorted(await cms.titles()));
    await cms.menu('sort options dropdown', 'Title');
    await cms.until(async () => (await cms.titles())[0]?.startsWith('60 '), 'titles descending');
    assert.deepEqual(await cms.titles(), sorted(await cms.titles()).reverse());
    assert.equal(await page.getByText('Loading Entries').count(), 0);
  },

  filter: async ({ cms, page }) => {
    await cms.signIn();
    await page.getByRole('button', { name: 'filter options dropdown' }).click();
    await page.getByRole('menuitem', { name: 'Drafts' }).click();
    // Every seventh post is a draft: 7, 14, ... 56.
    await cms.until(async () => (await cms.titles()).length === 8, 'eight drafts');
    const numbers = (await cms.titles()).map((title) => Number(title.slice(0, 2)));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      [7, 14, 21, 28, 35, 42, 49, 56],
    );
  },

  group: async ({ cms, page }) => {
    await cms.signIn();
    await page.getByRole('button', { name: 'group by options dropdown' }).click();
    await page.getByRole('menuitem', { name: 'Year' }).click();
    await page
      .getByText(/Year: ?2025|2025/)
      .first()
      .waitFor();
    // 60 posts over five years.
    await cms.until(async () => (await cms.titles()).length === 12, 'the twelve posts of a year');
  },
};
