// The defects of the built-in backend that these scenarios brought to light.
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';

const MAIN = 'in the end › editor/site › main';

const failed = (status) => ({ rejected: status });

const onBoard = (entries) => [failed('an error'), entries];
const draft = (slug, diffs) => ({
  [`posts/${slug}`]: { collection: 'posts', slug, status: 'draft', diffs },
});
const CHANGED = draft('a', { 'content/posts/a.md': SOMETHING });
const CREATED = draft('fresh', { 'content/posts/fresh.md': SOMETHING });
const WITH_PICTURE = draft('fresh', {
  'content/posts/fresh.md': SOMETHING,
  'static/images/new.png': SOMETHING,
});

const reportedInstead = (kind, status) => ({
  'list all': [failed(status), { answered: [], reported: [kind] }],
});

const ANOTHER_STATUS_PAGE = {
  'status › api › statusPage': ['https://www.githubstatus.com', ''],
};

export const FOUND = [
  {
    defect: 'one missing file keeps all others from being deleted',
    shown: {
      'save languages together': {
        'delete, one being missing': [failed(422), 'done'],
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
      'change media': { 'delete a missing one': [failed(422), 'done'] },
    },
  },
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
    defect:
      "a contributor's draft that is not in review breaks the board and can't be opened: the pull request that is made up for it has no head.ref",
    shown: {
      'suggest entries from a fork': {
        'the board': onBoard(CREATED),
        look: [failed('an error'), CREATED['posts/fresh']],
        'read it': onBoard({ 'content/posts/fresh.md': { data: post('Fresh') } }),
        'read it again': onBoard({ 'content/posts/fresh.md': { data: post('Fresher') } }),
      },
      'come back to a fork': {
        'the board': onBoard({ ...CHANGED, ...WITH_PICTURE }),
        'the board of the session': onBoard({ ...CHANGED, ...WITH_PICTURE }),
      },
      'always fork': { 'the board': onBoard(CHANGED) },
    },
  },
  {
    defect: "a contributor's “ready” is passed over in silence: it is window.status that is tested",
    shown: { 'say that a suggestion is ready': { 'to ready': ['done', failed('an error')] } },
  },
  {
    defect: 'it rejects with a string, of which the CMS shows nothing',
    shown: {
      'leave publishing to maintainers': {
        'delete what is published › rejected': ['no error', 'an error'],
      },
    },
  },
  {
    defect: 'it rejects a listing of all entries, for which the CMS shows a spinner for ever',
    shown: {
      'go on with a token that was revoked': reportedInstead('Unauthenticated', 401),
      'go on when the host fails': reportedInstead('Unknown', 500),
    },
  },
  {
    defect: "it names GitHub.com's status page, whatever the server",
    shown: {
      'sign in, and stay so': ANOTHER_STATUS_PAGE,
      'go on with a token that was revoked': ANOTHER_STATUS_PAGE,
    },
  },
];
