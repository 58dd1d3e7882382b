// What requests look like to the rules by which a fake host makes them go wrong,
// and what is to be said of each host's tokens.

const github = {
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

/**
 * By the names of scripts/demo/hosts: listing reads a folder's tree, blobs texts of entries, save
 * commits to a branch that there is, and firstDraft is what one takes.
 */
export const WIRE = { github };
