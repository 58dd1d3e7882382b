// Where ours differs on purpose, though the built-in backend's way is no defect.
import { SOMETHING } from '../../lib/compare.mjs';
import { emptyWhereMissing } from '../alike.mjs';

/** A listing that has the same entries in another order. Names are without folder and extension. */
function reordered(step, builtin, ours) {
  const places = {};
  const path = (name) => `content/posts/${name}.md`;
  for (const [i, name] of ours.entries()) {
    places[`${step} › ${i} › path`] = [path(builtin[i]), path(name)];
    places[`${step} › ${i} › data`] = [SOMETHING, SOMETHING];
  }
  return places;
}

const TOP = ['a', 'c.html', 'crlf', 'empty'];

export const CHOSEN = [
  emptyWhereMissing,
  {
    defect: 'a file is named by commit and path in another way',
    everywhere: { place: / › files › .+ › id$/, sides: [SOMETHING, SOMETHING] },
  },
  {
    defect: 'entries are in the order of their paths, as with the other hosts',
    shown: {
      'list folders of every kind': {
        ...reordered('two levels', [...TOP, '2024/deep'], ['2024/deep', ...TOP]),
        ...reordered(
          'all levels',
          [...TOP, '2024/deep', '2024/05/deeper', '2024/05/01/deepest'],
          ['2024/05/01/deepest', '2024/05/deeper', '2024/deep', ...TOP],
        ),
      },
    },
  },
];
