// The defects of the built-in backend that these scenarios brought to light.
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { listingRejected, uploadHashed } from '../alike.mjs';
import { failed, leftBehindRefused, MAIN, renameLost } from '../shows.mjs';

const ANOTHER_STATUS_PAGE = {
  'status › api › statusPage': ['https://bitbucket.status.atlassian.com', ''],
};

const unexplained = (steps) =>
  Object.fromEntries(steps.map((step) => [`${step} › rejected`, ['no error', 401]]));

export const FOUND = [
  uploadHashed,
  listingRejected('no error'),
  {
    defect: 'an answer of 401 is read twice, so what is rejected with is no error',
    shown: {
      'go on with a token that was revoked': unexplained([
        'list',
        'files',
        'open',
        'list media',
        'save',
        'upload',
        'delete',
      ]),
    },
  },
  {
    defect: 'an entry that gets another name in its folder keeps the old one',
    shown: renameLost,
  },
  {
    defect: 'the library is not told how large files are',
    everywhere: { place: / › files › .+ › size$/, sides: [null, SOMETHING] },
  },
  {
    defect: 'a save makes a branch that is not there, beside the one that everybody edits',
    shown: {
      'edit a missing branch': {
        'sign in': [SOMETHING, failed(404)],
        'list all': [failed(404), { answered: [], reported: ['NotFound'] }],
        save: ['done', failed(404)],
        upload: [SOMETHING, failed(404)],
        delete: ['done', failed(404)],
        'in the end › editor/site › none': [SOMETHING, null],
      },
    },
  },
  {
    defect: 'it writes without a look at what is there, even where none is possible',
    shown: {
      'save when the host cannot be read': {
        create: ['done', failed(500)],
        [`${MAIN} › files › content/posts/new.md`]: [`100644 ${post('New')}`, null],
        [`${MAIN} › commits`]: [
          ['Create Post “new” (Erin Editor)', 'Initial commit (Erin Editor)'],
          ['Initial commit (Erin Editor)'],
        ],
      },
      'list a tree that the host truncates': {
        'change the last': ['done', failed(555)],
        [`${MAIN} › files › content/posts/c.md`]: [`100644 ${post('C!')}`, `100644 ${post('C')}`],
        [`${MAIN} › commits`]: [
          ['Update Post “c” (Erin Editor)', 'Initial commit (Erin Editor)'],
          ['Initial commit (Erin Editor)'],
        ],
      },
    },
  },
  {
    defect:
      'a listing that takes Bitbucket too long is rejected, and the CMS shows a spinner for ever',
    shown: {
      'list a tree that the host truncates': {
        'all levels': [failed(555), { answered: [], reported: ['Network'] }],
      },
    },
  },
  {
    defect: 'an unset `cms_label_prefix` makes statuses of the bare words that people write, too',
    shown: {
      'mark drafts without a label prefix': {
        'in the end › pulls › #1 › labels': [[], ['static-cms/draft', 'static-cms/pending_review']],
      },
    },
  },
  {
    defect: 'an entry whose branch was left behind can never be a draft again',
    shown: leftBehindRefused(409),
  },
  {
    defect: "it names Bitbucket Cloud's status page, whatever the server",
    shown: {
      'sign in, and stay so': ANOTHER_STATUS_PAGE,
      'go on with a token that was revoked': ANOTHER_STATUS_PAGE,
    },
  },
];
