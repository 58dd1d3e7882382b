// The defects of the built-in backend that are known from its source (`backends/gitlab` of
// @staticcms/core 4.3.0).
import { SOMETHING } from '../../lib/compare.mjs';
import { likeNamed, listingRejected, metadataKept, unprefixedLabels } from '../alike.mjs';
import { draftWithoutIds, failed, languagesRefused, MAIN, siblingsDragged } from '../shows.mjs';

const page = (entries) => Array(entries).fill(SOMETHING);

/** The newest hundred of 101 drafts, and all. */
const KEYS = Array.from({ length: 101 }, (_, n) => `posts/p${n}`).sort();
const NEWEST = KEYS.filter((key) => key !== 'posts/p0');

/** What git-gateway has as well. */
export const OF_ITS_API = [
  {
    defect: "the blob-id header's name is wrong: the files of a draft have no ids",
    everywhere: draftWithoutIds,
  },
  {
    defect: 'merge requests are not paged',
    shown: { 'list many drafts': { 'the keys': [NEWEST, KEYS] } },
  },
  {
    defect: 'a listing stops at page 1 when X-Total-Pages is absent',
    shown: {
      'list a folder page by page where the host counts no pages': {
        pages: [[page(20)], [page(20), page(20), page(5)]],
      },
    },
  },
  likeNamed,
  {
    defect: 'a move drags every sibling along',
    shown: {
      ...languagesRefused(400),
      'move an entry to another folder': {
        ...siblingsDragged['move an entry to another folder'],
        [`${MAIN} › files › content/pages/build.sh`]: ['100755 #!/bin/sh\n', null],
      },
    },
  },
  unprefixedLabels,
  metadataKept,
  {
    defect: 'a 429 is not retried',
    shown: {
      'go on when the host wants a pause': { list: [failed('an error'), [SOMETHING, SOMETHING]] },
    },
  },
  {
    defect: 'errors become empty content',
    shown: {
      'write a draft': { 'no such preview': [null, failed('not under editorial workflow')] },
      'edit a missing branch': {
        'sign in': [SOMETHING, failed(404)],
        list: [[], failed(404)],
        'list all': [failed(404), { answered: [], reported: ['NotFound'] }],
        'list media': [{ order: '', files: {} }, failed(404)],
        files: [[], failed(404)],
      },
      'go on with a token that was revoked': { files: [[], failed(401)] },
      'go on when the host fails': { files: [[], failed(500)] },
    },
  },
];

export const KNOWN = [...OF_ITS_API, listingRejected(401)];
