// A host in trouble: the CMS recovers by itself where it can, says what is
// wrong where it can't, and loses nothing.
import assert from 'node:assert/strict';
import { commitsOf, edited, fault, noMoreFaults, POST, TITLE } from '../lib/troubles.mjs';

export const troubleFlows = {
  '502 while listing': async (world) => {
    const { cms, page, store } = world;
    const { listing, blobs } = world.wire;
    for (const rule of [listing, blobs]) await fault(world, { ...rule, status: 502, count: 1 });
    await cms.signIn();
    await cms.until(async () => (await cms.titles()).length >= 20, 'the first page');
    assert.equal(await page.locator('#mooring-notice').count(), 0, 'no error is to be shown');
    const refused = (await store.requests()).filter(({ status }) => status === 502);
    assert.equal(refused.length, 2);
  },

  'a lost answer to a save': async (world) => {
    const { cms, store } = world;
    await edited(world);
    const before = await commitsOf(world);
    await fault(world, { ...world.wire.save, cutAfter: true, count: 1 });
    await cms.publish();
    assert.match(await store.read(POST), /title: Anchored/);
    assert.equal(await commitsOf(world), before + 1);
  },

  'lost answers to a first draft': async (world) => {
    const { cms, client, repository, store, wire } = world;
    await edited(world);
    for (const rule of wire.firstDraft) await fault(world, { ...rule, cutAfter: true, count: 1 });
    await cms.saveDraft();
    assert.match(await store.read(POST, 'cms/posts/post-03'), /title: Anchored/);
    assert.equal(await commitsOf(world, 'cms/posts/post-03'), (await commitsOf(world)) + 1);
    assert.equal((await client.pulls(repository)).length, 1);
    const lost = (await store.requests()).filter(({ faulty }) => faulty);
    assert.equal(lost.length, wire.firstDraft.length, 'each rule must have met a request');
  },

  'too many requests': async (world) => {
    const { cms, page, wire } = world;
    await fault(world, { ...wire.listing, ...wire.busy, status: 429 });
    await cms.open();
    await cms.login();
    const notice = page.locator('#mooring-waiting');
    await notice.filter({ hasText: wire.label }).waitFor();
    assert.equal(await cms.row().count(), 0, 'nothing can have been listed yet');
    await cms.waitForHome();
    await notice.waitFor({ state: 'detached' });
    assert.equal(await page.locator('#mooring-notice').count(), 0, 'no error is to be shown');
  },

  "somebody else's commit between opening and saving": async (world) => {
    const { cms, store } = world;
    await edited(world);
    const theirs = (await store.read(POST)).replace(TITLE, 'Their title');
    await store.commit({ [POST]: theirs });
    const head = await store.head();
    await cms.pressPublish();
    const message = await cms.expectToast('error');
    assert.ok(message.includes(POST), `"${message}" must name the file`);
    assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
    assert.equal(await store.read(POST), theirs);
    assert.equal(await store.head(), head);
  },

  "somebody else's commit to another file": async (world) => {
    const { cms, store } = world;
    await edited(world);
    await store.commit({ 'content/posts/post-04.md': '---\ntitle: Theirs\n---\n' });
    await cms.publish();
    assert.match(await store.read(POST), /title: Anchored/);
    assert.match(await store.read('content/posts/post-04.md'), /title: Theirs/);
  },

  'a network error while opening and saving': async (world) => {
    const { cms, store } = world;
    await cms.signIn();
    const [before, head] = [await store.read(POST), await store.head()];
    // What was listed is kept; a file that changed since has to be read.
    await store.commit({ [POST]: before.replace(TITLE, 'Changed meanwhile') });
    await fault(world, { cutBefore: true });
    await cms.go('/collections/posts/entries/post-03');
    await cms.expectToast('error');
    await noMoreFaults(world);
    await cms.openCollection('posts', 'Posts');
    await cms.openEntry('posts', 'post-03', 'Changed meanwhile');
    await cms.fill('Title', 'Anchored');
    const changed = await store.head();
    assert.notEqual(changed, head);

    await fault(world, { cutBefore: true });
    await cms.pressPublish();
    await cms.expectToast('error');
    assert.equal(await cms.input('Title').inputValue(), 'Anchored', 'what was typed must stay');
    assert.equal(await store.head(), changed);
    await noMoreFaults(world);
    await cms.publish();
    assert.equal(await store.read(POST), before.replaceAll(`title: ${TITLE}`, 'title: Anchored'));
  },
};
