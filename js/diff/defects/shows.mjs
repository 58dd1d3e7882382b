// How defects show that the built-in backends of several hosts have.
import { SOMETHING } from '../lib/compare.mjs';
import { post } from '../lib/files.mjs';

/** Where the files and commits of main and of a draft are. */
export const MAIN = 'in the end › editor/site › main';
export const DRAFT = 'in the end › editor/site › cms/posts/a';

export const failed = (status) => ({ rejected: status });

/** How it shows that the files of a draft have no ids. */
export const draftWithoutIds = { place: / › diffs › .+ › id$/, sides: ['', SOMETHING] };

/** How it shows that a draft can't be written where its branch was left behind. */
export const leftBehindRefused = (status) => ({
  'start a draft on a branch that was left behind': {
    create: [failed(status), 'done'],
    'the board again › posts/fresh': [null, SOMETHING],
    'in the end › pulls › #1': [null, SOMETHING],
    'in the end › editor/site › cms/posts/fresh › files › content/posts/fresh.md': [
      `100644 ${post('Left behind')}`,
      `100644 ${post('Fresh')}`,
    ],
    'in the end › editor/site › cms/posts/fresh › commits › 0': [
      'Start cms/posts/fresh (Erin Editor)',
      'Create Post “fresh” (Erin Editor)',
    ],
    'in the end › editor/site › cms_(the time)/posts/fresh': [null, SOMETHING],
  },
});

/** How it shows that a move drags every sibling along, and forgets who is executable. */
export const siblingsDragged = {
  'move an entry to another folder': {
    [`${MAIN} › files › content/pages/b.md`]: [`100644 ${post('B')}`, null],
    [`${MAIN} › files › content/posts/b.md`]: [null, `100644 ${post('B')}`],
    [`${MAIN} › files › content/pages/build.sh`]: ['100644 #!/bin/sh\n', null],
    [`${MAIN} › files › content/posts/build.sh`]: [null, '100755 #!/bin/sh\n'],
  },
};

/** How it shows that modes become 100644. */
export const modesLost = {
  'keep modes': {
    [`${MAIN} › files › content/posts/script.md`]: [
      `100644 ${post('Script!')}`,
      `100755 ${post('Script!')}`,
    ],
  },
};

/** How it shows that an entry can't get another name in its folder. */
export const renameLost = {
  'give an entry another name': {
    [`${MAIN} › files › content/posts/a.md`]: [`100644 ${post('Z')}`, null],
    [`${MAIN} › files › content/posts/z.md`]: [null, `100644 ${post('Z')}`],
    [`${MAIN} › files › content/posts/build.sh`]: ['100644 #!/bin/sh\n', '100755 #!/bin/sh\n'],
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
