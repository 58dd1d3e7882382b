import assert from 'node:assert/strict';

export const structureFlows = {
  'i18n: edit both locales': async ({ cms, store }) => {
    await cms.signIn();
    await cms.openEntry('pages', 'welcome', 'Welcome');
    await cms.fill('Title', 'Welcome back');
    await cms.waitForValue('Title', 'Willkommen', 1);
    await cms.fill('Title', 'Willkommen zurück', 1);
    await cms.publish();
    assert.match(await store.read('content/pages/welcome.en.md'), /title: Welcome back/);
    assert.match(await store.read('content/pages/welcome.de.md'), /title: Willkommen zurück/);
    assert.ok(await store.isClean());
  },

  'i18n: create and delete': async ({ cms, store }) => {
    await cms.signIn();
    await cms.newEntry('pages');
    await cms.fill('Title', 'Prices');
    await cms.fill('Body', 'All free.');
    await cms.fill('Title', 'Preise', 1);
    await cms.fill('Body', 'Alles frei.', 1);
    await cms.publish();
    assert.match(await store.read('content/pages/prices.en.md'), /All free\./);
    assert.match(await store.read('content/pages/prices.de.md'), /Alles frei\./);
    await cms.deleteEntry();
    await cms.until(
      async () => (await store.list('content/pages/prices')).length === 0,
      'both to go',
    );
    assert.equal((await store.list('content/pages/')).length, 4);
  },

  'nested: walk the tree and edit': async ({ cms, page, store }) => {
    await cms.signIn();
    await cms.openCollection('docs', 'Docs');
    await page.getByTestId('/guide').filter({ visible: true }).click();
    await cms.row('Knots').click();
    await cms.waitForValue('Title', 'Knots');
    await cms.fill('Title', 'Knots and bends');
    await cms.publish();
    assert.match(await store.read('content/docs/guide/knots/_index.md'), /title: Knots and bends/);
    assert.equal((await store.list('content/docs/')).length, 6);
    assert.ok(await store.isClean());
  },

  'nested: create below a folder': async ({ cms, page, store }) => {
    await cms.signIn();
    await cms.openCollection('docs', 'Docs');
    await page.getByTestId('/guide').filter({ visible: true }).click();
    await cms.row('Knots').waitFor();
    await page.locator('.CMS_Collection_new-entry-button').click();
    await cms.fill('Title', 'Weather');
    await cms.fill('Body', 'Look up.');
    // The path comes from the title and can't be edited.
    await cms.waitForValue('Path', 'guide/weather');
    await cms.publish();
    assert.match(await store.read('content/docs/guide/weather/_index.md'), /title: Weather/);
  },

  'nested: delete a leaf': async ({ cms, store }) => {
    await cms.signIn();
    await cms.openEntry('docs', 'guide/knots/_index', 'Knots');
    await cms.deleteEntry();
    const gone = async () => !(await store.has('content/docs/guide/knots/_index.md'));
    await cms.until(gone, 'the file to go');
    assert.equal((await store.list('content/docs/')).length, 5, 'the siblings must stay');
  },
};
