// What the built-in backend does wrong (or ours differently, on purpose), and where that shows as a difference: in which
// scenario, at which place, with what on its side and on ours. A difference that is not in
// the list fails the test, and so does one in the list that does not show any more.
import { CHOSEN } from './chosen.mjs';
import { FOUND } from './found.mjs';
import { KNOWN } from './known.mjs';

export const DEFECTS = [...KNOWN, ...FOUND, ...CHOSEN];
