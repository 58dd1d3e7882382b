// People without write access suggest entries from forks; a maintainer publishes them.
import assert from 'node:assert/strict';
import { publishFromBoard } from './workflow.mjs';

const FORK = 'contributor/harbour';
const TITLE = 'Message in a bottle';
const SLUG = 'message-in-a-bottle';
const PATH = `content/posts/${SLUG}.md`;
const BRANCH = `cms/${FORK}/posts/${SLUG}`;

const pulls = ({ client, repository }) => client.pulls(repository);

/** The contributor at their own browser, not signed in yet. */
const contributor = (world) => world.visit(world.hosts.tokens.contributor);

const forkButton = (page) => page.getByRole('button', { name: 'Fork the repository' });

async function signInWithFork({ cms, page }) {
  await cms.open();
  await cms.login();
  await forkButton(page).click();
  await cms.waitForHome();
}

async function suggest({ cms }, title = TITLE) {
  await cms.newEntry('posts');
  await cms.fill('Title', title);
  await cms.typeBody('Please open.');
  await cms.saveDraft();
}

async function askForReview({ cms, page }) {
  await page
    .getByRole('button', { name: 'Mark Ready for Review' })
    .filter({ visible: true })
    .click();
  await cms.expectToast('success');
  await cms.settle();
}

/** What the backend itself says of a status that the page does not offer. */
function setReady(page, { settings, token }) {
  return page.evaluate(
    async ([backend, credentials, slug]) => {
      const { createBackend } = await import('/mooring/index.js');
      const github = createBackend('github', { backend, publish_mode: 'editorial_workflow' });
      try {
        await github.authenticate(credentials);
        await github.updateUnpublishedEntryStatus('posts', slug, 'pending_publish');
        return '';
      } catch (error) {
        return `${error.kind}: ${error.message}`;
      } finally {
        github.dispose();
      }
    },
    [settings, { token }, SLUG],
  );
}

async function suggestion(world) {
  const { hosts, store } = world;
  const visit = await contributor(world);
  const { cms, page } = visit;
  await signInWithFork(visit);
  await suggest(visit);
  assert.deepEqual(await store.branches(), ['main'], 'nothing may be written to the origin');
  assert.match(await store.of(FORK).read(PATH, BRANCH), /Please open\./);
  assert.deepEqual(await pulls(world), [], 'a draft asks nobody for a review');

  await askForReview(visit);
  const [pull] = await pulls(world);
  assert.deepEqual([pull.repository, pull.head], [FORK, BRANCH]);
  assert.equal(pull.author, 'contributor');
  assert.equal(await page.getByTestId('publish-dropdown').count(), 0);
  const refused = await setReady(page, {
    settings: world.settings,
    token: hosts.tokens.contributor,
  });
  assert.match(refused, /^Forbidden: .*Only a maintainer/);

  await cms.go('/dashboard');
  await cms.boardCard('pending_review', TITLE);
  assert.equal(await cms.column('pending_publish').count(), 0, 'the board offers no “ready”');
  return visit;
}

async function publication({ cms, page, store }) {
  await cms.signIn();
  await cms.boardCard('pending_review', TITLE);
  await page.getByText(TITLE).first().click();
  await cms.waitForValue('Title', TITLE);
  await cms.setStatus('Ready');
  await publishFromBoard(cms, TITLE);
  await cms.expectToast('success');
  await cms.until(() => store.has(PATH), 'the entry on main');
  assert.match(await store.read(PATH), /Please open\./);
}

/** From the contributor's first visit to the published entry. */
async function suggestedAndPublished(world) {
  const visit = await suggestion(world);
  await publication(world);
  const [pull] = await pulls(world);
  assert.equal(pull.state, 'merged', 'the pull request must be merged');

  await visit.page.reload();
  await visit.cms.go('/dashboard');
  await visit.cms.column('draft').waitFor();
  await visit.cms.until(
    async () => (await visit.page.getByText(TITLE).count()) === 0,
    'the published entry to leave the board',
  );
  await visit.cms.openCollection('posts', 'Posts');
  await visit.cms.search('bottle');
  await visit.cms.row(TITLE).waitFor();
  assert.ok(await world.store.isClean());
}

async function declined(world) {
  const { cms, page } = await contributor(world);
  await cms.open();
  await cms.login();
  await page.getByRole('alert').filter({ hasText: 'fork' }).waitFor();
  await page.getByRole('button', { name: "Don't fork" }).click();
  assert.match(await cms.loginError(), /Nobody is signed in.*fork/);
  await cms.tokenField().waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('static-cms-user')), null);
  const forks = await world.client.forks(world.repository);
  assert.deepEqual(forks, [], 'nothing may be forked');
}

async function returning(world) {
  const first = await contributor(world);
  await signInWithFork(first);
  await suggest(first);
  await first.cms.go('/dashboard');
  await first.page.reload();
  await first.cms.boardCard('draft', TITLE);

  const second = await contributor(world);
  await second.cms.signIn();
  assert.equal(await forkButton(second.page).count(), 0);
  await second.cms.go('/dashboard');
  await second.cms.boardCard('draft', TITLE);
}

/** A draft that was opened again takes changes, and its pull request with it. */
async function editedAgain(world) {
  const visit = await contributor(world);
  const { cms, page } = visit;
  await signInWithFork(visit);
  await suggest(visit);
  await askForReview(visit);
  await page.reload();
  await cms.openEntry('posts', SLUG, TITLE);
  await cms.fill('Title', 'Message in two bottles');
  await cms.saveDraft();
  assert.match(await world.store.of(FORK).read(PATH, BRANCH), /title: Message in two bottles/);
  assert.equal((await pulls(world)).length, 1);

  // Until it asks anew, the CMS takes whatever was saved for a draft.
  await cms.go('/dashboard');
  await page.reload();
  const card = await cms.boardCard('pending_review', 'Message in two bottles');
  await card.getByTestId('workflow-dashboard-delete').click();
  await cms.confirm();
  await cms.expectToast('success');
  const state = async () => (await pulls(world))[0].state;
  await cms.until(async () => (await state()) === 'closed', 'the pull request to close');
  assert.ok(!(await world.store.of(FORK).branches()).includes(BRANCH));
}

export const openAuthoringFlows = {
  'suggested by a contributor, published by a maintainer': suggestedAndPublished,
  'declining the fork': declined,
  'a contributor who returns': returning,
  'a suggestion edited again, then discarded': editedAgain,
};
