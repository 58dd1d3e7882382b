// The defects of the built-in backend that are known from its source (`backends/gitea` of
// @staticcms/core 4.3.0).
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { listingRejected, metadataKept } from '../alike.mjs';
import { failed, MAIN } from '../shows.mjs';

const entry = (name) => ({ path: `content/posts/${name}.md`, data: post(name.toUpperCase()) });

const emptied = (status) => ({
  files: [[{ path: 'content/posts/a.md', label: 'A', data: '' }], failed(status)],
  open: [{ path: 'content/posts/a.md', data: '' }, failed(status)],
});

export const KNOWN = [
  metadataKept,
  listingRejected(401),
  {
    defect: 'a tree is not paged: what is on its second page is not listed, and “created” anew',
    shown: {
      'list a tree that the host truncates': {
        'all levels': [[entry('a')], ['a', 'b', 'c'].map(entry)],
        'change the last': [failed(422), 'done'],
        [`${MAIN} › files › content/posts/c.md`]: [`100644 ${post('C')}`, `100644 ${post('C!')}`],
        [`${MAIN} › commits`]: [
          ['Initial commit (Erin Editor)'],
          ['Update Post “c” (Erin Editor)', 'Initial commit (Erin Editor)'],
        ],
      },
    },
  },
  {
    defect: 'any error, even 500, means create',
    shown: {
      'save when the host cannot be read': {
        create: ['done', failed(500)],
        [`${MAIN} › files › content/posts/new.md`]: [`100644 ${post('New')}`, null],
        [`${MAIN} › commits`]: [
          ['Create Post “new” (Erin Editor)', 'Initial commit (Erin Editor)'],
          ['Initial commit (Erin Editor)'],
        ],
      },
    },
  },
  {
    defect: 'errors become empty content',
    shown: {
      'edit a missing branch': {
        'sign in': [SOMETHING, failed(404)],
        'list all': [failed(400), { answered: [], reported: ['NotFound'] }],
        files: emptied(404).files,
      },
      'go on with a token that was revoked': emptied(401),
      'go on when the host fails': emptied(500),
    },
  },
  {
    defect: 'branches are not escaped',
    shown: {
      'read a branch of an odd name': {
        all: [failed(500), [{ path: 'content/posts/a.md', data: post('A') }]],
        'open one › data': ['', post('A')],
      },
    },
  },
  {
    defect: 'a 429 is not retried',
    shown: {
      'go on when the host wants a pause': { list: [failed(500), [SOMETHING, SOMETHING]] },
    },
  },
];
