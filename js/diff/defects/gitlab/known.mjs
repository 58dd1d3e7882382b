// The defects of the built-in backend that are known from its source (`backends/gitlab` of
// @staticcms/core 4.3.0).
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { failed, languagesRefused, MAIN, unprefixedLabels } from '../alike.mjs';

const page = (entries) => Array(entries).fill(SOMETHING);

/** The newest hundred of 101 drafts, and all. */
const KEYS = Array.from({ length: 101 }, (_, n) => `posts/p${n}`).sort();
const NEWEST = KEYS.filter((key) => key !== 'posts/p0');

const entry = (name, title) => ({ path: `content/${name}.md`, data: post(title) });
const CHANGED = [entry('posts/a', 'A!'), entry('posts/c', 'C'), entry('posts/d', 'D')];

export const KNOWN = [
  {
    defect: "the blob-id header's name is wrong: the files of a draft have no ids",
    everywhere: { place: / › diffs › .+ › id$/, sides: ['', SOMETHING] },
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
  {
    defect: "what lies in 'posts-archive/' leaks into the folder 'posts'",
    shown: {
      'list a folder again after others changed it': {
        'all again': [[entry('posts-archive/old', 'Old!'), ...CHANGED], CHANGED],
      },
    },
  },
  {
    defect: 'a move drags every sibling along',
    shown: {
      ...languagesRefused(400),
      'move an entry to another folder': {
        [`${MAIN} › files › content/pages/b.md`]: [`100644 ${post('B')}`, null],
        [`${MAIN} › files › content/posts/b.md`]: [null, `100644 ${post('B')}`],
        [`${MAIN} › files › content/pages/build.sh`]: ['100755 #!/bin/sh\n', null],
        [`${MAIN} › files › content/posts/build.sh`]: [null, '100755 #!/bin/sh\n'],
      },
    },
  },
  unprefixedLabels,
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
