// What Static CMS reads of each answer: see `backend.ts` and `interface.ts` of its core.
// Of a method that is not here it reads nothing.

/** Who changed it last is left out: it may come later (see described in sequences.mjs). */
const entry = ({ data, file: { path, label } }) => ({ path, label, data });

const author = ({ file: { path, author, updatedOn } }) => ({ path, author, updatedOn });

/** The CMS itself passes over the markers of empty folders. */
const isShown = ({ name }) => name !== '.gitkeep';

/** A displayURL is for getMediaDisplayURL alone to read: see shownMedia. */
const listed = ({ id, name, path, size, isDirectory }) =>
  isDirectory ? { id, name, path, isDirectory } : { id, name, path, size, isDirectory: false };

const library = (files) => ({
  order: files.map(({ name }) => name).join(', '),
  files: byPath(files.map(listed)),
});

/** Its id is whatever the backend makes of the content. */
const media = ({ name, path, size, displayURL, url, file }) => ({
  name,
  path,
  size,
  displayURL,
  url: url ?? displayURL,
  file,
});

const uploaded = ({ id, name, path, size, displayURL }) => ({ id, name, path, size, displayURL });

const user = ({ login, name, token, useOpenAuthoring, asked }) => ({
  login,
  name,
  token,
  useOpenAuthoring: Boolean(useOpenAuthoring),
  asked,
});

/** Its order does not matter: the CMS sorts what it shows. */
const sorted = (pairs) => Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));

const byKey = (drafts, shape) => sorted(drafts.map((d) => [`${d.collection}/${d.slug}`, shape(d)]));

const draft = ({ collection, slug, status, diffs }) => ({
  collection,
  slug,
  status,
  diffs: byPath(diffs),
});

const byPath = (files) => sorted(files.map(({ path, ...rest }) => [path, rest]));

const readOfDraft = (files) =>
  byPath(files.map(({ path, data, name, size, file }) => ({ path, data, name, size, file })));

export const SHAPES = {
  signIn: user,
  authenticate: user,
  restoreUser: user,
  getToken: (token) => token,
  status: (status) => status,
  entriesByFolder: (entries) => entries.map(entry),
  allEntriesByFolder: (entries) => entries.map(entry),
  entriesByFiles: (entries) => entries.map(entry),
  pages: (lists) => lists.map((entries) => entries.map(entry)),
  described: (entries) => entries.map(author),
  authored: (entries) => entries.map(author),
  paths: (entries) => entries.map(({ file }) => file.path).join(', '),
  getEntry: entry,
  getMedia: (files) => library(files.filter(isShown)),
  shownMedia: byPath,
  getMediaFile: media,
  persistMedia: uploaded,
  unpublishedEntries: (keys) => [...keys].sort(),
  unpublishedEntry: draft,
  board: (drafts) => byKey(drafts, draft),
  authors: (drafts) => byKey(drafts, (d) => d.pullRequestAuthor),
  dates: (drafts) => byKey(drafts, (d) => d.updatedAt || undefined),
  suggested: (drafts) => byKey(drafts, (d) => d.openAuthoring),
  draftFiles: readOfDraft,
  getDeployPreview: (preview) => preview,
};

/** A moment as one of the hosts writes it. */
export const isDate = (text) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);

/** What an identity service signs. */
export const isJWT = (text) => /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(text);
