import assert from 'node:assert/strict';

const STORED = 'static-cms-user';

const storedUser = (page) => page.evaluate((key) => localStorage.getItem(key), STORED);

export const sessionFlows = {
  'sign in, reload, sign out': async ({ cms, page }) => {
    await cms.signIn();
    await page.reload();
    await cms.row().first().waitFor();

    await cms.signOut();
    assert.equal(await storedUser(page), null, 'signing out must forget the user');
    await page.reload();
    await cms.loginButton().waitFor();
  },
};

/** For demos: `login: false` leaves out the button. */
export async function signsInByItself({ cms, page }) {
  await cms.open();
  await cms.row().first().waitFor();
  assert.notEqual(await storedUser(page), null, 'somebody must be signed in');
}
