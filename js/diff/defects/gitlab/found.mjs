// The defects of the built-in backend that these scenarios brought to light.
import { SOMETHING } from '../../lib/compare.mjs';
import { post } from '../../lib/files.mjs';
import { draftOverwritten, oneMissing, patternIgnored } from '../alike.mjs';

export const FOUND = [
  oneMissing(400),
  patternIgnored,
  {
    defect: 'a draft is saved over what somebody else saved in it',
    shown: draftOverwritten,
  },
  {
    defect: 'an entry whose branch was left behind can never be a draft again',
    shown: {
      'start a draft on a branch that was left behind': {
        create: [{ rejected: 400 }, 'done'],
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
    },
  },
  {
    defect: "an uploaded file's id is the SHA-256 of its content, by which no listing knows it",
    everywhere: {
      place: /^(upload.*|replace|make a folder) › id$/,
      sides: [SOMETHING, SOMETHING],
    },
  },
];
