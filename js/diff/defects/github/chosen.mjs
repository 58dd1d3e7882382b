// Where ours differs on purpose, though the built-in backend's way is no defect.
import { rebasedAsOne } from '../alike.mjs';

export const CHOSEN = [
  rebasedAsOne,
  {
    defect:
      'a suggestion that was taken back has no date: that of its closed pull request says nothing of the draft, and costs a request for each',
    shown: {
      'tell when a draft changed': {
        'on the board of the contributor › posts/a': ['a date', null],
      },
    },
  },
];
