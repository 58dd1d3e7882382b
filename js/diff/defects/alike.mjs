// What the built-in backends of several hosts do wrong in the same way.
import { SOMETHING } from '../lib/compare.mjs';
import { post } from '../lib/files.mjs';
import { failed, MAIN } from './shows.mjs';

/** Of all hosts. */
export const ALIKE = [
  {
    defect: 'a save that changes nothing makes a commit',
    shown: {
      'save what did not change': {
        [`${MAIN} › commits`]: [
          ['Update Post “a” (Erin Editor)', 'Initial commit (Erin Editor)'],
          ['Initial commit (Erin Editor)'],
        ],
      },
    },
  },
  {
    defect: 'a new entry replaces one that exists',
    shown: {
      'create what exists': {
        create: ['done', failed('an error')],
        [`${MAIN} › files › content/posts/a.md`]: [
          `100644 ${post('Another A')}`,
          `100644 ${post('A')}`,
        ],
        [`${MAIN} › commits`]: [
          ['Create Post “a” (Erin Editor)', 'Initial commit (Erin Editor)'],
          ['Initial commit (Erin Editor)'],
        ],
      },
    },
  },
  {
    defect: 'a save overwrites what somebody else saved since the entry was opened',
    shown: {
      'save what somebody else changed': {
        save: ['done', failed('an error')],
        'open it again › data': [post('My A'), post('A of somebody else')],
        [`${MAIN} › files › content/posts/a.md`]: [
          `100644 ${post('My A')}`,
          `100644 ${post('A of somebody else')}`,
        ],
        [`${MAIN} › commits`]: [
          [
            'Update Post “b” (Erin Editor)',
            'Update Post “a” (Erin Editor)',
            'Somebody else (Chris Contributor)',
            'Initial commit (Erin Editor)',
          ],
          [
            'Update Post “b” (Erin Editor)',
            'Somebody else (Chris Contributor)',
            'Initial commit (Erin Editor)',
          ],
        ],
      },
    },
  },
  {
    defect: 'metadata costs a request per file, whether the site shows it or not',
    shown: {
      'list entries whose authors the site does not show': {
        'who changed them › 0 › author': ['Erin Editor', null],
        'who changed them › 0 › updatedOn': ['a date', null],
      },
    },
  },
  {
    defect: 'it rejects a listing of all entries, for which the CMS shows a spinner for ever',
    shown: {
      'go on when the host fails': {
        'list all': [failed(500), { answered: [], reported: ['Unknown'] }],
      },
    },
  },
];

/** Of all that know a blob by its content. */
export const metadataKept = {
  defect: "metadata is cached for ever under the blob's id",
  shown: {
    'tell who copied an entry': {
      'its copy › 0 › author': ['Erin Editor', 'Chris Contributor'],
    },
  },
};

/** @param {number | string} outcome what the rejection of a listing says after a 401 */
export const listingRejected = (outcome) => ({
  defect: 'it rejects a listing of all entries when the session has ended',
  shown: {
    'go on with a token that was revoked': {
      'list all': [failed(outcome), { answered: [], reported: ['Unauthenticated'] }],
    },
  },
});

/** @param {number} status with which the host refuses to delete what is not there */
export const oneMissing = (status) => ({
  defect: 'one missing file keeps all others from being deleted',
  shown: {
    'save languages together': {
      'delete, one being missing': [failed(status), 'done'],
      [`${MAIN} › files › content/pages/home.de.md`]: [`100644 ${post('Start!')}`, null],
      [`${MAIN} › files › content/pages/home.en.md`]: [`100644 ${post('Home!')}`, null],
      [`${MAIN} › commits`]: [
        [
          'Delete Page “new” (Erin Editor)',
          'Update Post “home” (Erin Editor)',
          'Create Post “new” (Erin Editor)',
          'Initial commit (Erin Editor)',
        ],
        [
          'Delete Page “home” (Erin Editor)',
          'Delete Page “new” (Erin Editor)',
          'Update Post “home” (Erin Editor)',
          'Create Post “new” (Erin Editor)',
          'Initial commit (Erin Editor)',
        ],
      ],
    },
    'change media': { 'delete a missing one': [failed(status), 'done'] },
  },
});

/** Of GitLab, Gitea and Bitbucket. */
export const patternIgnored = {
  defect: "the pattern of a listing's paths is ignored",
  shown: {
    'list folders of every kind': {
      'by a rule': [
        Array(6).fill(SOMETHING),
        [
          { path: 'content/posts/2024/05/deeper.md', data: post('Deeper') },
          { path: 'content/posts/2024/deep.md', data: post('Deep') },
        ],
      ],
    },
  },
};

const entry = (path, title) => ({ path: `content/${path}.md`, data: post(title) });
const CHANGED = [entry('posts/a', 'A!'), entry('posts/c', 'C'), entry('posts/d', 'D')];

/** Of GitLab and Bitbucket. */
export const likeNamed = {
  defect: "what lies in 'posts-archive/' leaks into the folder 'posts'",
  shown: {
    'list a folder again after others changed it': {
      'all again': [[entry('posts-archive/old', 'Old!'), ...CHANGED], CHANGED],
    },
  },
};

/** Of GitLab and Bitbucket. */
export const uploadHashed = {
  defect: "an uploaded file's id is the SHA-256 of its content, by which no listing knows it",
  everywhere: {
    place: /^(upload.*|replace|make a folder) › id$/,
    sides: [SOMETHING, SOMETHING],
  },
};

const empty = (path) => [failed(404), { path, data: '' }];
const about = { path: 'about.md', label: 'About', data: post('About') };

/** Of GitLab and Bitbucket, where what is missing is an error. */
export const emptyWhereMissing = {
  defect: 'what is missing is an empty entry, as with the other hosts',
  shown: {
    'read files by name': {
      'with missing ones': [
        [about],
        [
          { path: 'data/none.json', label: 'None', data: '' },
          about,
          { path: 'none/none.md', label: 'Nowhere', data: '' },
        ],
      ],
      'open a missing one': empty('data/none.json'),
      'open one in a missing folder': empty('none/none.md'),
    },
    'write a draft': { 'it is not published': empty('content/posts/fresh.md') },
    'edit a missing branch': { open: empty('content/posts/a.md') },
  },
};

/** Of GitHub and GitLab. */
export const unprefixedLabels = {
  defect: 'an unset `cms_label_prefix` makes every label a CMS label and strips the others',
  shown: {
    'mark drafts without a label prefix': {
      'in the end › pulls › #1 › labels': [
        ['pending_review'],
        ['static-cms/pending_review', 'urgent'],
      ],
    },
  },
};

/** No defect: ours differs on purpose, with GitHub and with a gateway before it. */
export const rebasedAsOne = {
  defect:
    'a draft is brought on top of what is published as one commit, which conflicts once and not with each of its saves',
  shown: {
    'save a draft when others have published': {
      'in the end › editor/site › cms/posts/a › commits': [
        [
          'Update Post “a” (Erin Editor)',
          'Update Post “a” (Erin Editor)',
          'Somebody else (Chris Contributor)',
          'Initial commit (Erin Editor)',
        ],
        [
          'Update Post “a” (Erin Editor)',
          'Somebody else (Chris Contributor)',
          'Initial commit (Erin Editor)',
        ],
      ],
    },
  },
};
