// What tests do to a fake host, and the edit that they do it to.
import assert from 'node:assert/strict';

/** A post of the sample site. */
export const TITLE = '03 Anchor on a calm day';
export const POST = 'content/posts/post-03.md';

/** Makes requests go wrong that a rule (package control of the fake hosts) matches. */
export const fault = ({ hosts }, rule) => hosts.control.post('faults', rule);

export const noMoreFaults = ({ hosts }) => hosts.control.delete('faults');

/** How many commits a branch has. */
export async function commitsOf({ client, repository }, branch = 'main') {
  return (await client.commits(repository, branch)).length;
}

/** Signs in and changes the title of the post, unsaved. */
export async function edited({ cms }, title = 'Anchored') {
  await cms.signIn();
  await cms.openEntry('posts', 'post-03', TITLE);
  await cms.fill('Title', title);
}

/** What the sign-in page says of an account. */
export async function refusalOf({ cms }, account) {
  await cms.open();
  await cms.login(account);
  const text = await cms.loginError();
  assert.ok(!text.includes(account.password ?? account), 'no message may have the secret');
  return text;
}
