import assert from 'node:assert/strict';

const POST = 'content/posts/post-03.md';

export const entryFlows = {
  'open an entry from the list': async ({ cms, page, store }) => {
    await cms.signIn();
    await cms.row('03 Anchor on a calm day').click();
    await cms.waitForValue('Title', '03 Anchor on a calm day');
    await page.getByText('Notes number 3 from the quay').first().waitFor();
    assert.match(await store.read(POST), /^---\ntitle: 03 Anchor/);
  },

  'edit and save': async ({ cms, store }) => {
    await cms.signIn();
    await cms.openEntry('posts', 'post-03', '03 Anchor on a calm day');
    await cms.fill('Title', 'Anchored: "äöü" 🌊');
    await cms.typeBody(' One more line.');
    await cms.publish();
    const text = await store.read(POST);
    assert.match(text, /Anchored: "äöü" 🌊/);
    assert.match(text, /Umlauts äöü and a wave 🌊 come along\. One more line\./);
    assert.match(text, /date: ['"]?2024-04-04/, 'what was not edited must stay');
    assert.ok(await store.isClean());
    await cms.openCollection('posts', 'Posts');
    await cms.row('Anchored: "äöü" 🌊').waitFor();
  },

  'create, then edit what was created': async ({ cms, store }) => {
    await cms.signIn();
    await cms.newEntry('posts');
    await cms.fill('Title', 'Brand new post');
    await cms.typeBody('First words.');
    await cms.publish();
    const path = 'content/posts/brand-new-post.md';
    assert.match(await store.read(path), /First words\./);
    await cms.fill('Title', 'Brand new title');
    await cms.publish();
    assert.match(await store.read(path), /title: Brand new title/);
    assert.ok(await store.isClean());
  },

  'create beside an entry of the same name': async ({ cms, store }) => {
    await cms.signIn();
    const before = await store.read('content/posts/post-01.md');
    await cms.newEntry('posts');
    await cms.fill('Title', 'Post 01');
    await cms.typeBody('Must not replace the first.');
    await cms.publish();
    assert.equal(await store.read('content/posts/post-01.md'), before);
    assert.match(await store.read('content/posts/post-01-1.md'), /Must not replace/);
  },

  delete: async ({ cms, store }) => {
    await cms.signIn();
    await cms.openEntry('posts', 'post-05', '05 Sail at dawn');
    await cms.deleteEntry();
    await cms.row().first().waitFor();
    await cms.until(async () => !(await store.has('content/posts/post-05.md')), 'the file to go');
    assert.equal((await store.list('content/posts/')).length, 59);
    assert.ok(await store.isClean());
  },

  'file collection': async ({ cms, store }) => {
    await cms.signIn();
    await cms.openCollection('site', 'Site');
    await cms.row('Settings').click();
    await cms.waitForValue('Name', 'Mooring demo');
    await cms.fill('Tagline', 'Edited "here"');
    await cms.publish();
    const settings = JSON.parse(await store.read('data/settings.json'));
    assert.deepEqual(settings, { name: 'Mooring demo', tagline: 'Edited "here"' });
    await cms.openEntry('site', 'about', 'About');
  },
};
