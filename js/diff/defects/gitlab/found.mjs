// The defects of the built-in backend that these scenarios brought to light.
import { oneMissing, patternIgnored, uploadHashed } from '../alike.mjs';
import { draftOverwritten, leftBehindRefused } from '../shows.mjs';

export const FOUND = [
  oneMissing(400),
  patternIgnored,
  {
    defect: 'a draft is saved over what somebody else saved in it',
    shown: draftOverwritten,
  },
  {
    defect: 'an entry whose branch was left behind can never be a draft again',
    shown: leftBehindRefused(400),
  },
  uploadHashed,
];
