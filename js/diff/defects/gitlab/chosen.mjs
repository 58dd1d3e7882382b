// Where ours differs on purpose, though the built-in backend's way is no defect.
import { emptyWhereMissing } from '../alike.mjs';

export const CHOSEN = [
  emptyWhereMissing,
  {
    defect: 'a missing branch is told as not found, whatever GitLab calls it',
    shown: {
      'edit a missing branch': {
        'save › rejected': [400, 404],
        'upload › rejected': [400, 404],
        'delete › rejected': [400, 404],
      },
    },
  },
  {
    defect: 'media are in the order of their names, folders among files, as with the other hosts',
    shown: {
      'browse media': {
        'with folders › order': [
          'boats, kept, a.png, drawing.svg, notes.txt, ä b #1.png',
          'a.png, boats, drawing.svg, kept, notes.txt, ä b #1.png',
        ],
      },
      'change media': {
        'list › order': [
          'boats, fresh, kept, x, 50% ü #2.png, a.png, drawing.svg, new.png, notes.txt, ä b #1.png',
          '50% ü #2.png, a.png, boats, drawing.svg, fresh, kept, new.png, notes.txt, x, ä b #1.png',
        ],
        'list again › order': [
          'fresh, kept, x, 50% ü #2.png, a.png, drawing.svg, new.png',
          '50% ü #2.png, a.png, drawing.svg, fresh, kept, new.png, x',
        ],
      },
    },
  },
];
