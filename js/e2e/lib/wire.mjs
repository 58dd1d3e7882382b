// What requests look like to the rules by which a fake host makes them go wrong,
// and what is to be said of each host's tokens.

/** Where pages may not read Retry-After, pauses grow from one that is too short to be told. */
const WITHOUT_WORD = { retryAfter: 4000, count: 3 };

const github = {
  label: 'GitHub',
  busy: { retryAfter: 4000, count: 1 },
  listing: { method: 'GET', path: '/repos/*/git/trees/*' },
  blobs: { operation: 'Blobs' },
  save: { operation: 'Commit' },
  firstDraft: [
    { method: 'POST', path: '*/git/refs' },
    { operation: 'Commit' },
    { method: 'POST', path: '*/pulls' },
  ],
  weakToken: { value: 'ghp_reads', scopes: ['read:user'], says: /has not the scope .*“repo”/ },
};

const gitlab = {
  label: 'GitLab',
  busy: WITHOUT_WORD,
  listing: { operation: 'Tree' },
  blobs: { operation: 'Blobs' },
  save: { method: 'POST', path: '*/repository/commits' },
  firstDraft: [
    { method: 'POST', path: '*/repository/commits' },
    { method: 'POST', path: '*/merge_requests' },
  ],
  weakToken: { value: 'glpat-reads', scopes: ['read_api'], says: /has not the scope “api”/ },
};

const gitea = {
  label: 'Gitea',
  busy: WITHOUT_WORD,
  listing: { method: 'GET', path: '*/git/trees/*' },
  blobs: { method: 'POST', path: '*/file-contents' },
  save: { method: 'POST', path: '*/contents' },
  firstDraft: [
    { method: 'POST', path: '*/contents' },
    { method: 'POST', path: '*/labels' },
    { method: 'POST', path: '*/pulls' },
  ],
  weakToken: {
    value: 'reads',
    scopes: ['read:user'],
    says: /permissions .*“repository: read and write”/,
  },
};

const bitbucket = {
  label: 'Bitbucket',
  busy: WITHOUT_WORD,
  listing: { method: 'GET', path: '*/src/*/content/posts/' },
  blobs: { method: 'GET', path: '*/src/*/content/posts/*' },
  save: { method: 'POST', path: '*/src' },
  firstDraft: [
    { method: 'POST', path: '*/src' },
    { method: 'POST', path: '*/pullrequests' },
    { method: 'POST', path: '*/comments' },
  ],
  // What a token may do is told to programs only, so that it may not write shows at the first save.
  weakToken: { value: 'reads', scopes: ['account'], says: /permissions .*read the account/ },
};

const forgejo = { ...gitea, blobs: { method: 'GET', path: '*/git/blobs' } };

/** Through the gateway GitHub has no GraphQL. */
const gateway = {
  label: 'GitHub',
  busy: github.busy,
  listing: github.listing,
  blobs: { method: 'GET', path: '*/git/blobs/*' },
  save: { method: 'PATCH', path: '*/git/refs/heads/*' },
  firstDraft: [
    { method: 'POST', path: '*/git/refs' },
    { method: 'POST', path: '*/pulls' },
    { method: 'POST', path: '*/issues/*/labels' },
  ],
};

/**
 * By the names of scripts/demo/hosts. label: what the CMS calls the host. Rules: listing reads a
 * folder's tree, blobs texts of entries, save commits to a branch that there is, and firstDraft is
 * what one takes. busy: for how long the host refuses. weakToken: what one may do too little, and
 * what is said of it.
 */
export const WIRE = { github, gitlab, gitea, forgejo, bitbucket, 'git-gateway': gateway };
