// The defects of the built-in github backend's API, which git-gateway's asks as well.
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { metadataKept, oneMissing, unprefixedLabels } from '../alike.mjs';
import {
  DRAFT,
  draftOverwritten,
  failed,
  languagesRefused,
  MAIN,
  modesLost,
  renameLost,
  siblingsDragged,
} from '../shows.mjs';

const emptied = (status) => ({
  files: [[{ path: 'content/posts/a.md', label: 'A', data: '' }], failed(status)],
  open: [{ path: 'content/posts/a.md', data: '' }, failed(status)],
});

export const OF_ITS_API = [
  oneMissing(422),
  unprefixedLabels,
  metadataKept,
  {
    defect: '`truncated` trees are ignored',
    shown: {
      'list a tree that the host truncates': {
        'all levels': [
          [{ path: 'content/posts/a.md', data: post('A') }],
          ['a', 'b', 'c'].map((name) => ({
            path: `content/posts/${name}.md`,
            data: post(name.toUpperCase()),
          })),
        ],
      },
    },
  },
  {
    defect: 'folder and branch unescaped',
    shown: {
      'read a folder of an odd name': {
        all: [failed(500), [{ path: 'content/50% of #1 & ünï?/a b.md', data: post('A') }]],
      },
      'read a branch of an odd name': {
        all: [failed(500), [{ path: 'content/posts/a.md', data: post('A') }]],
        'open one › data': ['', post('A')],
      },
    },
  },
  {
    defect:
      "the rate-limit reset is read as seconds (an hour's pause), 429 and secondary limits not retried",
    shown: {
      'go on when the host wants a pause': {
        list: [failed(500), [SOMETHING, SOMETHING]],
      },
    },
  },
  {
    defect: 'any 405 on merge (failing checks!) force-writes the files',
    shown: {
      // The protection of the branch refuses what it then tries to write.
      'publish when checks fail': { 'publish › rejected': [422, 405] },
      'publish against what others published': {
        publish: ['done', failed(405)],
        'the board › posts/a': [null, SOMETHING],
        'in the end › pulls › #2 › state': ['closed', 'open'],
        [`${MAIN} › files › content/posts/a.md`]: [
          `100644 ${post('A!')}`,
          `100644 ${post('A of somebody else')}`,
        ],
        [`${MAIN} › commits`]: [
          [
            'Automatically generated. Merged on Static CMS\n\nForce merge of:\n* "content/posts/a.md" (Erin Editor)',
            'Somebody else (Chris Contributor)',
            'Initial commit (Erin Editor)',
          ],
          ['Somebody else (Chris Contributor)', 'Initial commit (Erin Editor)'],
        ],
        [DRAFT]: [null, SOMETHING],
      },
    },
  },
  { defect: 'workflow saves force-push without an expected head', shown: draftOverwritten },
  {
    defect: 'modes become 100644 and a move drags every sibling along',
    shown: { ...modesLost, ...renameLost, ...siblingsDragged, ...languagesRefused(422) },
  },
  {
    defect: 'compare is not paged (300 files)',
    shown: {
      'look at a draft of many files': {
        'look › diffs › content/posts/p300.md': [null, SOMETHING],
      },
    },
  },
];

/** @param {object} signIn how signing in to a missing branch differs */
export const errorsEmptied = (signIn = {}) => ({
  defect: 'errors become empty content',
  shown: {
    'write a draft': { 'no such preview': [null, failed('not under editorial workflow')] },
    'edit a missing branch': {
      ...signIn,
      list: [[], failed(404)],
      'list all': [[], { answered: [], reported: ['NotFound'] }],
      'list media': [{ order: '', files: {} }, failed(404)],
      files: emptied(404).files,
    },
    'go on with a token that was revoked': emptied(401),
    'go on when the host fails': emptied(500),
  },
});
