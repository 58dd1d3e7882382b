// The defects of the built-in backend that these scenarios brought to light.
import { SOMETHING } from '../../lib/compare.mjs';
import { binary, post } from '../../lib/files.mjs';
import { oneMissing, patternIgnored } from '../alike.mjs';
import { failed, MAIN } from '../shows.mjs';

const KNOTS = `100644 ${post('Knots')}`;
const PICTURE = `100644 base64:${binary(137, 80, 78, 71).base64}`;

/** What stays in a folder whose entry moves, and should come along. */
const leftBehind = (from, to) => ({
  [`${MAIN} › files › ${from}/knots/_index.md`]: [KNOTS, null],
  [`${MAIN} › files › ${from}/picture.png`]: [PICTURE, null],
  [`${MAIN} › files › ${to}/knots/_index.md`]: [null, KNOTS],
  [`${MAIN} › files › ${to}/picture.png`]: [null, PICTURE],
});

export const FOUND = [
  oneMissing(404),
  patternIgnored,
  {
    defect: 'a nested entry moves without what lies below it',
    shown: {
      'move a nested entry with what lies below it': {
        'the entries': [
          'content/docs/_index.md, content/docs/guide-book/_index.md, ' +
            'content/docs/guide/knots/_index.md, content/docs/reference/_index.md, ' +
            'content/docs/reference/manual/_index.md',
          'content/docs/_index.md, content/docs/guide-book/_index.md, ' +
            'content/docs/reference/_index.md, content/docs/reference/manual/_index.md, ' +
            'content/docs/reference/manual/knots/_index.md',
        ],
        ...leftBehind('content/docs/guide', 'content/docs/reference/manual'),
      },
      'move a nested entry with a new picture': leftBehind(
        'content/docs/guide',
        'content/docs/manual',
      ),
      'move languages together': {
        [`${MAIN} › files › content/docs/guide/knots/index.en.md`]: [KNOTS, null],
        [`${MAIN} › files › content/docs/manual/knots/index.en.md`]: [null, KNOTS],
      },
    },
  },
  {
    defect: 'a folder that is not there is an error: Gitea says 400 and not 404',
    shown: {
      'list folders of every kind': { 'a missing folder': [failed(400), []] },
      'browse media': { 'a missing folder': [failed(400), { order: '', files: {} }] },
    },
  },
  {
    defect: 'names are decoded though nobody encoded them: a % in one breaks the whole listing',
    shown: {
      'read odd names': { all: [failed('an error'), Array(10).fill(SOMETHING)] },
      'change media': {
        list: [failed('an error'), SOMETHING],
        'list again': [failed('an error'), SOMETHING],
      },
    },
  },
  {
    defect: 'an uploaded file has no id',
    everywhere: { place: /^(upload.*|replace|make a folder) › id$/, sides: [null, SOMETHING] },
  },
  {
    defect: 'it remembers who signed in, and so does not notice that the token was revoked',
    shown: {
      'go on with a token that was revoked': { 'status › auth › status': [true, false] },
    },
  },
];
