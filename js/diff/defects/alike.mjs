// What the built-in backends of several hosts do wrong in the same way.
import { SOMETHING } from '../lib/compare.mjs';
import { post } from '../lib/files.mjs';

export const MAIN = 'in the end › editor/site › main';
export const DRAFT = 'in the end › editor/site › cms/posts/a';

export const failed = (status) => ({ rejected: status });

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
    defect: "metadata costs a request per file and is cached for ever under the blob's id",
    shown: {
      'list entries whose authors the site does not show': {
        'who changed them › 0 › author': ['Erin Editor', null],
        'who changed them › 0 › updatedOn': ['a date', null],
      },
      'tell who copied an entry': {
        'its copy › 0 › author': ['Erin Editor', 'Chris Contributor'],
      },
    },
  },
  {
    defect: 'it rejects a listing of all entries, for which the CMS shows a spinner for ever',
    shown: {
      'go on with a token that was revoked': {
        'list all': [failed(401), { answered: [], reported: ['Unauthenticated'] }],
      },
      'go on when the host fails': {
        'list all': [failed(500), { answered: [], reported: ['Unknown'] }],
      },
    },
  },
];

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

/** Of GitLab and Gitea. */
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

/** How it shows that a draft is saved without a look at what others saved in it. */
export const draftOverwritten = {
  'save a draft that somebody else changed': {
    'save again': ['done', failed('an error')],
    [`${DRAFT} › files › content/posts/a.md`]: [
      `100644 ${post('A!!')}`,
      `100644 ${post('A of somebody else')}`,
    ],
    [`${DRAFT} › commits`]: [
      [
        'Update Post “a” (Erin Editor)',
        'Somebody else (Chris Contributor)',
        'Update Post “a” (Erin Editor)',
        'Initial commit (Erin Editor)',
      ],
      [
        'Somebody else (Chris Contributor)',
        'Update Post “a” (Erin Editor)',
        'Initial commit (Erin Editor)',
      ],
    ],
  },
};

/**
 * How it shows that each of the languages that move drags all siblings along: the host refuses to
 * move a file twice, with that status.
 */
export const languagesRefused = (status) => ({
  'move languages together': {
    move: [failed(status), 'done'],
    [`${MAIN} › files › content/docs/guide/index.de.md`]: [`100644 ${post('Führer')}`, null],
    [`${MAIN} › files › content/docs/guide/index.en.md`]: [`100644 ${post('Guide')}`, null],
    [`${MAIN} › files › content/docs/guide/knots/index.en.md`]: [`100644 ${post('Knots')}`, null],
    [`${MAIN} › files › content/docs/manual/index.de.md`]: [null, `100644 ${post('Manual de')}`],
    [`${MAIN} › files › content/docs/manual/index.en.md`]: [null, `100644 ${post('Manual en')}`],
    [`${MAIN} › files › content/docs/manual/knots/index.en.md`]: [null, `100644 ${post('Knots')}`],
    [`${MAIN} › commits`]: [
      ['Initial commit (Erin Editor)'],
      ['Update Post “manual/index” (Erin Editor)', 'Initial commit (Erin Editor)'],
    ],
  },
});
