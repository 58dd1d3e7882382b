// The defects of the built-in backend that these scenarios brought to light.
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { failed } from '../shows.mjs';

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

const ANOTHER_STATUS_PAGE = {
  'status › api › statusPage': ['https://www.githubstatus.com', ''],
};

export const FOUND = [
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
    defect: "it names GitHub.com's status page, whatever the server",
    shown: {
      'sign in, and stay so': ANOTHER_STATUS_PAGE,
      'go on with a token that was revoked': ANOTHER_STATUS_PAGE,
    },
  },
];
