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
const kept = (page) => page.evaluate(readAll);

async function readAll() {
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const text = (_, value) =>
    value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value;
  const records = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await settled(indexedDB.open(name));
    for (const store of db.objectStoreNames)
      records.push(await settled(db.transaction(store).objectStore(store).getAll()));
    db.close();
  }
  return {
    localStorage: JSON.stringify({ ...localStorage }),
    sessionStorage: JSON.stringify({ ...sessionStorage }),
    indexedDB: JSON.stringify(records, text),
    cookies: document.cookie,
    history: JSON.stringify([location.href, history.state]),
    page: document.documentElement.innerHTML,
  };
}

/**
 * Where tokens are that were seen.
 * @param {{tokens: Set<string>, urls: string[]}} seen see watchSecrets
 */
export async function placesOfTokens({ page, log }, seen) {
  const found = { ...(await kept(page)), console: log.join('\n'), urls: seen.urls.join('\n') };
  const isThere = (text) => [...seen.tokens].some((token) => text.includes(token));
  return Object.keys(found).filter((place) => isThere(found[place]));
}

/** Fails unless tokens are in the places given, and nowhere else. */
export async function assertKeptOnlyIn(places, world, seen) {
  assert.ok(seen.tokens.size > 0, 'a token must have been seen');
  assert.deepEqual(await placesOfTokens(world, seen), places, 'where tokens are');
}
