// Where two plain values differ.

const isObject = (value) => typeof value === 'object' && value !== null;

const isRejected = (value) => isObject(value) && 'rejected' in value;

/** Differ part by part, and not as a whole. */
const comparable = (a, b) =>
  isObject(a) &&
  isObject(b) &&
  isRejected(a) === isRejected(b) &&
  Array.isArray(a) === Array.isArray(b) &&
  (!Array.isArray(a) || a.length === b.length);

/** Both are plain data, with their keys in the same order. */
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What GraphQL refuses, and what is refused before GitHub is asked, has no status. */
const sameRefusal = (a, b) =>
  isRejected(a) &&
  isRejected(b) &&
  [a.rejected, b.rejected].includes('an error') &&
  [a.rejected, b.rejected].some((r) => Number.isInteger(r));

/**
 * @returns {Map<string, [unknown, unknown]>} from each place, as 'step › field › field', to
 *   what lies there on either side. Lists of different lengths differ as a whole.
 */
export function differences(builtin, ours, place = [], into = new Map()) {
  if (sameRefusal(builtin, ours)) return into;
  if (comparable(builtin, ours)) {
    for (const key of new Set([...Object.keys(builtin), ...Object.keys(ours)]))
      differences(builtin[key], ours[key], [...place, key], into);
  } else if (!same(builtin, ours)) {
    into.set(place.join(' › '), [builtin, ours]);
  }
  return into;
}

/** In a list of defects: anything but nothing. */
export const SOMETHING = Symbol('something');

function fits(found, listed) {
  if (listed === SOMETHING) return (found ?? null) !== null;
  if (!isObject(listed) || !isObject(found)) return same(found, listed);
  const keys = Object.keys(listed);
  return (
    Array.isArray(listed) === Array.isArray(found) &&
    same(Object.keys(found).sort(), [...keys].sort()) &&
    keys.every((key) => fits(found[key], listed[key]))
  );
}

/**
 * Takes what the list of defects explains out of the differences.
 * @param {Map<string, [unknown, unknown]>} found
 * @param {[defect: string, places: Record<string, [unknown, unknown]>][]} listed
 * @param {(place: string, pair: [unknown, unknown]) => boolean} isEverywhere whether a defect that
 *   shows in many scenarios explains it
 * @returns {string[]} what is wrong: a difference without a defect, or a defect without its
 *   difference
 */
export function judge(found, listed, isEverywhere) {
  const left = new Map(found);
  const wrong = [];
  for (const [defect, places] of listed) {
    for (const [place, pair] of Object.entries(places)) {
      if (left.has(place) && bothFit(left.get(place), pair)) left.delete(place);
      else wrong.push(`not found, though listed: ${show(place, ...pair)}\n  (“${defect}”)`);
    }
  }
  for (const [place, pair] of left)
    if (!isEverywhere(place, pair)) wrong.push(`not listed: ${show(place, ...pair)}`);
  return wrong;
}

/** Whether what was found on either side is what the list has. */
export const bothFit = ([builtin, ours], listed) =>
  fits(builtin, listed[0]) && fits(ours, listed[1]);

const print = (value) =>
  JSON.stringify(value ?? null, (_, part) => (part === SOMETHING ? 'something' : part));

const show = (place, builtin, ours) =>
  `${place}\n  built-in: ${print(builtin)}\n  ours:     ${print(ours)}`;
