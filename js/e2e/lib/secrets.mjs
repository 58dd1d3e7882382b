// Where tokens come to light that should not.
import assert from 'node:assert/strict';

/** Notes every token that the page sends or is given, and every address that it asks. */
export function watchSecrets({ page }) {
  const seen = { tokens: new Set(), urls: [] };
  page.on('request', (request) => {
    const [, token] = /^(?:bearer|token) (.+)$/i.exec(request.headers().authorization ?? '') ?? [];
    if (token) seen.tokens.add(token);
    seen.urls.push(request.url());
  });
  page.on('response', async (response) => {
    const body = await response.json().catch(() => undefined);
    for (const key of ['access_token', 'refresh_token'])
      if (typeof body?.[key] === 'string') seen.tokens.add(body[key]);
  });
  return seen;
}

/** Everything that the page keeps, by where. */
const kept = (page) =>
  page.evaluate(() => ({
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    history: JSON.stringify([location.href, history.state]),
    page: document.documentElement.innerHTML,
  }));

/**
 * Fails where a token is anywhere but in the places given.
 * @param {{tokens: Set<string>, urls: string[]}} seen see watchSecrets
 */
export async function assertKeptOnlyIn(places, { page, log }, seen) {
  assert.ok(seen.tokens.size > 0, 'a token must have been seen');
  const found = { ...(await kept(page)), console: log.join('\n'), urls: seen.urls.join('\n') };
  for (const token of seen.tokens) {
    const where = Object.keys(found).filter((place) => found[place].includes(token));
    const wrong = where.filter((place) => !places.includes(place));
    assert.deepEqual(wrong, [], `a token is in ${wrong}`);
  }
  const all = Object.keys(found).filter((p) => [...seen.tokens].some((t) => found[p].includes(t)));
  assert.deepEqual(all, places, 'where tokens are');
}
