// What the CMS does in more than one call.

const { StaticCmsApp: App } = window;

/** All pages of a listing, in the steps of the CMS's list. */
async function pages(backend, folder, extension, depth) {
  const first = await backend.entriesByFolder(folder, extension, depth);
  const all = [first];
  let cursor = App.Cursor.create(first[App.CURSOR_COMPATIBILITY_SYMBOL]);
  while (cursor.actions.has('next')) {
    const [, own] = cursor.wrapData({ collection: folder }).unwrapData();
    const next = await backend.traverseCursor(own, 'next');
    all.push(next.entries);
    cursor = App.Cursor.create(next.cursor);
  }
  return all;
}

/**
 * Who changed entries last: an entry does not wait for that, so the CMS may see it only in
 * a later listing.
 */
async function described(backend, ...listing) {
  for (;;) {
    const entries = await backend.allEntriesByFolder(...listing);
    if (entries.every(({ file }) => file.author && file.updatedOn)) return entries;
  }
}

/** The same, of what the first listing tells. */
const authored = (backend, ...listing) => backend.allEntriesByFolder(...listing);

/** Which entries there are. */
const paths = (backend, ...listing) => backend.allEntriesByFolder(...listing);

/** The board: what is listed, and what is there under each id. */
async function board(backend) {
  const ids = await backend.unpublishedEntries();
  return Promise.all(ids.map((id) => backend.unpublishedEntry({ id })));
}

const DATA = /\.(md|json)$/;

/** What the editor reads of a draft: the files that its answer names. */
async function draftFiles(backend, collection, slug) {
  const { diffs } = await backend.unpublishedEntry({ collection, slug });
  const read = async ({ path, id }) =>
    DATA.test(path)
      ? { path, data: await backend.unpublishedEntryDataFile(collection, slug, path, id) }
      : backend.unpublishedEntryMediaFile(collection, slug, path, id);
  return Promise.all(diffs.map(read));
}

/** The media library shows each file of its list. */
async function shownMedia(backend, folder) {
  const files = await backend.getMedia(folder, false);
  const show = async ({ path, displayURL }) => ({
    path,
    displayURL: await backend.getMediaDisplayURL(displayURL),
  });
  return Promise.all(files.map(show));
}

/** The built-in git-gateway takes the person whom Netlify's widget has signed in. */
async function authenticate(backend, credentials) {
  const isGateway = backend.getAuthClient !== undefined;
  return backend.authenticate(isGateway ? await identityUser(backend, credentials) : credentials);
}

async function identityUser({ apiUrl }, { email, password }) {
  const { netlifyIdentity } = window;
  netlifyIdentity.init({ APIUrl: apiUrl });
  return netlifyIdentity.gotrue.login(email, password, true);
}

/** What the sign-in page of either backend does; the person agrees to a fork, or not. */
function signIn(backend, credentials, agrees) {
  return backend.authenticateWithFork
    ? signInBuiltin(backend, credentials, agrees)
    : signInOurs(backend, credentials, agrees);
}

async function signInOurs(backend, credentials, agrees) {
  try {
    return { ...(await authenticate(backend, credentials)), asked: false };
  } catch (error) {
    if (error.kind !== 'ForkNeeded' || !agrees) throw error;
    return { ...(await authenticate(backend, { ...credentials, fork: true })), asked: true };
  }
}

async function signInBuiltin(backend, credentials, agrees) {
  let asked = false;
  const getPermissionToFork = async () => {
    asked = true;
    if (!agrees) throw new Error('They do not want a fork.');
  };
  if (backend.openAuthoringEnabled)
    await backend.authenticateWithFork({ userData: credentials, getPermissionToFork });
  return { ...(await authenticate(backend, credentials)), asked };
}

/** Several look at the board for one thing each: see answers.mjs. */
export const SEQUENCES = {
  pages,
  described,
  authored,
  paths,
  board,
  authors: board,
  dates: board,
  suggested: board,
  draftFiles,
  shownMedia,
  authenticate,
  signIn,
};
