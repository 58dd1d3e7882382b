// The defects of the built-in backend that are known from its source (`backends/bitbucket` of
// @staticcms/core 4.3.0).
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { likeNamed, patternIgnored } from '../alike.mjs';
import {
  draftOverwritten,
  draftWithoutIds,
  failed,
  MAIN,
  modesLost,
  siblingsDragged,
} from '../shows.mjs';

const some = (count) => Array(count).fill(SOMETHING);

/** The newest fifty of 101 drafts, and all. */
const KEYS = Array.from({ length: 101 }, (_, n) => `posts/p${n}`).sort();
const NEWEST = KEYS.filter((key) => Number(key.slice('posts/p'.length)) > 50);

/** What comes of each way of the scenario while a comment of a person hides the entry. */
function hidden(statuses) {
  const places = {};
  const comments = ['static-cms/draft'];
  for (const [i, status] of statuses.entries()) {
    const step = `${i + 1}: ${status}`;
    // A status that is there already is not said again.
    if (comments.at(-1) !== `static-cms/${status}`) comments.push(`static-cms/${status}`);
    places[step] = [failed('not under editorial workflow'), 'done'];
    places[`${step}, on the board › posts/a`] = [null, SOMETHING];
    places[`${step}, on the host › #1 › labels`] = [['static-cms/draft'], [...comments].sort()];
  }
  comments.push('static-cms/pending_review');
  places['to review'] = [failed('not under editorial workflow'), 'done'];
  places['the board › posts/a'] = [null, SOMETHING];
  places['in the end › pulls › #1 › labels'] = [['static-cms/draft'], comments.sort()];
  return places;
}

export const KNOWN = [
  {
    defect: 'status is the last of the first 100 comments, so any human comment hides an entry',
    shown: {
      'change the status of a draft': hidden([
        'pending_review',
        'pending_publish',
        'pending_review',
        'draft',
        'pending_publish',
        'draft',
        'draft',
      ]),
    },
  },
  {
    defect: 'at most 50 pull requests',
    shown: { 'list many drafts': { 'the keys': [NEWEST, KEYS] } },
  },
  {
    defect: 'delete ignores failure',
    shown: {
      'save languages together': {
        [`${MAIN} › files › content/pages/home.de.md`]: [`100644 ${post('Start!')}`, null],
        [`${MAIN} › files › content/pages/home.en.md`]: [`100644 ${post('Home!')}`, null],
        [`${MAIN} › commits`]: [some(4), some(5)],
      },
      'go on when the host fails': { delete: ['done', failed(500)] },
    },
  },
  {
    defect: 'paths unescaped',
    shown: {
      'read odd names': {
        all: [some(8), some(10)],
        'open what #1?.md': [failed(404), SOMETHING],
        'open 100%.md': [failed('an error'), SOMETHING],
      },
      'read a folder of an odd name': {
        all: [failed('an error'), some(1)],
        'open one': [failed('an error'), SOMETHING],
      },
      'read a branch of an odd name': {
        all: [failed('an error'), some(1)],
        'open one': [failed('an error'), SOMETHING],
      },
      'create, change and delete entries': {
        'open what was created': [failed('an error'), SOMETHING],
        list: [some(2), some(3)],
      },
      'browse media': {
        'what is shown': [failed(404), SOMETHING],
        'read ä b #1.png': [failed(404), SOMETHING],
      },
    },
  },
  {
    defect: 'directories filtered out before folder support applies',
    shown: {
      'browse media': {
        'with folders › order': [
          'a.png, drawing.svg, notes.txt, ä b #1.png',
          'a.png, boats, drawing.svg, kept, notes.txt, ä b #1.png',
        ],
        'with folders › files › static/images/boats': [null, SOMETHING],
        'with folders › files › static/images/kept': [null, SOMETHING],
        'a folder kept empty › order': ['', 'deep'],
        'a folder kept empty › files › static/images/kept/deep': [null, SOMETHING],
      },
      'change media': {
        'list › order': [
          '50% ü #2.png, a.png, drawing.svg, new.png, notes.txt, ä b #1.png',
          '50% ü #2.png, a.png, boats, drawing.svg, fresh, kept, new.png, notes.txt, x, ä b #1.png',
        ],
        'list › files › static/images/boats': [null, SOMETHING],
        'list › files › static/images/fresh': [null, SOMETHING],
        'list › files › static/images/kept': [null, SOMETHING],
        'list › files › static/images/x': [null, SOMETHING],
        'list again › order': [
          '50% ü #2.png, a.png, drawing.svg, new.png',
          '50% ü #2.png, a.png, drawing.svg, fresh, kept, new.png, x',
        ],
        'list again › files › static/images/fresh': [null, SOMETHING],
        'list again › files › static/images/kept': [null, SOMETHING],
        'list again › files › static/images/x': [null, SOMETHING],
      },
    },
  },
  {
    defect: "`trimStart(path, '/k')` eats a leading k",
    shown: { 'upload to a folder with a k': { 'upload › path': ['its/k.png', 'kits/k.png'] } },
  },
  { defect: 'the files of a draft have no ids', everywhere: draftWithoutIds },
  patternIgnored,
  likeNamed,
  {
    defect: 'modes become 100644 and a move drags every sibling along',
    shown: {
      ...modesLost,
      ...siblingsDragged,
      'move languages together': {
        [`${MAIN} › files › content/docs/manual/index.en.md`]: [
          `100644 ${post('Guide')}`,
          `100644 ${post('Manual en')}`,
        ],
      },
    },
  },
  { defect: 'a draft is saved over what somebody else saved in it', shown: draftOverwritten },
  {
    defect: 'whoever can read is let in, and told at the first save that they can’t write',
    shown: { 'sign in without write access': { 'sign in': [SOMETHING, failed('an error')] } },
  },
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
    },
  },
];
