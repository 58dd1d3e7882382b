/** Renewing a token: once for all who ask, and only as long as it can be. */

import { BackendError } from '../src/errors.js';
import type { Token } from '../src/gateway/identity.js';
import type { Grant } from '../src/oauth/grant.js';
import { Keeper, type Safe } from '../src/oauth/keeper.js';
import { Renewal, renewAtHost, renewAtService } from '../src/oauth/renewal.js';
import { assert, assertEqual, rejection } from './assert.js';
import { settingsOf } from './oauthpage.js';

const HOUR = 3600_000;
const DAY = 24 * HOUR;

const ENDED = ['Unauthenticated', 'Your session has ended. Sign in again.'];

/** A server whose refresh tokens are good once, a page with a session, and a clock. */
function session(first: Partial<Grant> = {}) {
  let held: Grant | undefined = {
    token: 't1',
    refresh_token: 'r1',
    expires: DAY + HOUR,
    lifetime: HOUR,
    ...first,
  };
  const safe: Safe = {
    read: () => held,
    write: (grant) => {
      held = grant;
    },
    clear: () => {
      held = undefined;
    },
  };
  const world = {
    now: DAY,
    /** Renewals that were asked for. */
    asked: [] as string[],
    /** Seconds; undefined where the server tells none. */
    lifetime: HOUR as number | undefined,
    rotates: true,
    trouble: undefined as BackendError | undefined,
    safe,
    held: () => held,
    tab: () =>
      new Renewal({ name: 'https://gitlab.example', safe, renew: server, now: () => world.now }),
  };
  let good = 1;
  const server = async (refreshToken: string): Promise<Grant> => {
    world.asked.push(refreshToken);
    await new Promise((resolve) => setTimeout(resolve));
    if (world.trouble) throw world.trouble;
    if (refreshToken !== (world.rotates ? `r${good}` : 'r1'))
      throw new BackendError('Unauthenticated', 'That sign-in was used before.', { status: 400 });
    good++;
    const { lifetime, now } = world;
    return {
      token: `t${good}`,
      ...(world.rotates && { refresh_token: `r${good}` }),
      ...(lifetime && { lifetime, expires: now + lifetime }),
    };
  };
  return world;
}

const texts = (tokens: Token[]) => [...new Set(tokens.map(({ text }) => text))];

const ended = async (promise: Promise<unknown>) => {
  const { kind, message } = await rejection(promise);
  assertEqual([kind, message], ENDED);
};

const lost = new BackendError('Network', 'No way there.');

describe('a token of a session', () => {
  it('is used until shortly before its end', async () => {
    const world = session();
    assertEqual(await world.tab().token(), { text: 't1', lives: HOUR - 60_000 });
    world.now += HOUR - 60_001;
    assertEqual(await world.tab().token(), { text: 't1', lives: 1 });
    world.now += 1;
    assertEqual(await world.tab().token(), { text: 't2', lives: HOUR - 60_000 });
    assertEqual(world.asked, ['r1']);
  });

  it('that lives shortly is used for most of its life', async () => {
    const world = session({ expires: DAY + 8_000, lifetime: 8_000 });
    assertEqual(await world.tab().token(), { text: 't1', lives: 6_000 });
    assertEqual(world.asked, []);
  });

  it('is renewed once for 20 requests at its end', async () => {
    const world = session({ expires: DAY });
    const tab = world.tab();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tab.token()));
    assertEqual([texts(tokens), world.asked], [['t2'], ['r1']]);
  });

  it('is renewed once for 20 requests that were refused', async () => {
    const world = session();
    const tab = world.tab();
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tab.token('t1')));
    assertEqual([texts(tokens), world.asked], [['t2'], ['r1']]);
    assertEqual([(await tab.token('t1')).text, world.asked], ['t2', ['r1']]);
  });

  it('is renewed once for two tabs', async () => {
    const world = session({ expires: DAY });
    const tokens = await Promise.all([world.tab(), world.tab()].map((tab) => tab.token()));
    assertEqual([texts(tokens), world.asked], [['t2'], ['r1']]);
  });

  it('is renewed once for two tabs, through what the CMS stores', async () => {
    const world = session();
    const keeper = new Keeper('local', 'gitlab');
    const stored = keeper.keep({ token: 't1', refresh_token: 'r1' });
    localStorage.setItem('static-cms-user', JSON.stringify({ login: 'ann', ...stored }));
    const renew = async (refreshToken: string) => {
      world.asked.push(refreshToken);
      return { token: 't2', refresh_token: 'r2' };
    };
    const tab = () => new Renewal({ name: 'x', safe: keeper.safe(stored), renew });
    const tokens = await Promise.all([tab(), tab()].map((each) => each.token('t1')));
    assertEqual([texts(tokens), world.asked], [['t2'], ['r1']]);
    localStorage.clear();
  });

  it('is taken from a tab that was faster, where there are no locks', async () => {
    const world = session();
    const { safe } = world;
    const renew = async () => {
      safe.write({ token: 't9', refresh_token: 'r9' });
      throw new BackendError('Unauthenticated', 'That sign-in was used before.');
    };
    const tab = new Renewal({ name: 'x', safe, renew, locks: undefined, now: () => world.now });
    assertEqual((await tab.token('t1')).text, 't9');
  });

  it('is renewed again and again, with the refresh token of the time', async () => {
    const world = session();
    const tab = world.tab();
    for (const refused of ['t1', 't2', 't3']) await tab.token(refused);
    assertEqual([world.asked, world.held()?.refresh_token], [['r1', 'r2', 'r3'], 'r4']);
  });

  it('is renewed by the same refresh token where there is no other', async () => {
    const world = session();
    world.rotates = false;
    const tab = world.tab();
    await tab.token('t1');
    assertEqual((await tab.token('t2')).text, 't3');
    assertEqual(world.asked, ['r1', 'r1']);
  });

  it('without an end is used until it is refused', async () => {
    const world = session({ expires: undefined, lifetime: undefined } as Partial<Grant>);
    world.lifetime = undefined;
    const tab = world.tab();
    assertEqual(await tab.token(), { text: 't1', lives: 600_000 });
    assertEqual(await tab.token('t1'), { text: 't2', lives: 600_000 });
    assertEqual(world.asked, ['r1']);
  });
});

describe('a session', () => {
  it('ends when it can not be renewed', async () => {
    const world = session();
    world.trouble = new BackendError('Unauthenticated', 'That sign-in has expired.');
    const tab = world.tab();
    await Promise.all([tab.token('t1'), tab.token('t1')].map(ended));
    await ended(tab.token());
    assertEqual([world.asked, world.held()], [['r1'], undefined]);
  });

  it('ends when a token is refused that nothing renews', async () => {
    const world = session({ refresh_token: undefined } as Partial<Grant>);
    assertEqual((await world.tab().token()).text, 't1');
    await ended(world.tab().token('t1'));
  });

  it('ends when the new token is the one that was refused', async () => {
    const { safe } = session();
    const renew = async () => ({ token: 't1', refresh_token: 'r2' });
    await ended(new Renewal({ name: 'x', safe, renew }).token('t1'));
  });

  it('goes on without a connection, as long as its token lives', async () => {
    const world = session({ expires: DAY + 30_000 });
    world.trouble = lost;
    assertEqual(await world.tab().token(), { text: 't1', lives: 10_000 });
    world.now += 29_000;
    assertEqual(await world.tab().token(), { text: 't1', lives: 1_000 });
    world.now += 1_000;
    assertEqual((await rejection(world.tab().token())).message, 'No way there.');
    world.trouble = undefined;
    assertEqual((await world.tab().token()).text, 't2');
  });

  it('gives nobody the token back that was refused', async () => {
    const world = session({ expires: DAY + 30_000 });
    world.trouble = lost;
    const tab = world.tab();
    const [living, refused] = await Promise.all([tab.token(), rejection(tab.token('t1'))]);
    assertEqual([living.text, refused.kind], ['t1', 'Network']);
    assertEqual(world.asked.length, 2);
  });

  it('goes on to the end of its token when it can not be renewed any more', async () => {
    const world = session({ expires: DAY + 30_000 });
    world.trouble = new BackendError('Unauthenticated', 'That sign-in has expired.');
    assertEqual((await world.tab().token()).text, 't1');
    world.now += 30_000;
    await ended(world.tab().token());
  });
});

describe('a clock that is wrong by a day', () => {
  it('costs one renewal when it is put forward', async () => {
    const world = session();
    const tab = world.tab();
    world.now += DAY;
    for (let i = 0; i < 5; i++) assertEqual((await tab.token()).text, 't2');
    assertEqual(world.asked, ['r1']);
  });

  it('lets no token live longer when it is put back', async () => {
    const world = session();
    const tab = world.tab();
    world.now -= DAY;
    assertEqual(await tab.token(), { text: 't1', lives: HOUR - 60_000 });
    assertEqual((await tab.token('t1')).text, 't2');
    for (let i = 0; i < 5; i++) assertEqual((await tab.token()).text, 't2');
    assertEqual(world.asked, ['r1']);
  });

  it('ends nothing where nothing can be renewed', async () => {
    const world = session({ refresh_token: undefined } as Partial<Grant>);
    world.now += DAY;
    assertEqual(await world.tab().token(), { text: 't1', lives: 10_000 });
    assertEqual(world.asked, []);
  });
});

describe('renewing', () => {
  /** A server, and the requests that it got. */
  function server(answer: () => Response) {
    const asked: { url: string; form: Record<string, string> }[] = [];
    const fetch = (async (url: RequestInfo | URL, init?: RequestInit) => {
      asked.push({ url: String(url), form: Object.fromEntries(init?.body as URLSearchParams) });
      return answer();
    }) as typeof globalThis.fetch;
    return { asked, fetch };
  }

  it('asks the host as RFC 6749 has it', async () => {
    const { asked, fetch } = server(() =>
      Response.json({ access_token: 't2', refresh_token: 'r2' }),
    );
    const settings = settingsOf('gitlab', { app_id: 'app' });
    assertEqual(await renewAtHost(settings, fetch)('r1'), { token: 't2', refresh_token: 'r2' });
    const form = { grant_type: 'refresh_token', refresh_token: 'r1', client_id: 'app' };
    assertEqual(asked, [{ url: 'https://gitlab.com/oauth/token', form }]);
  });

  it('asks a service without a token in the address', async () => {
    const { asked, fetch } = server(() => Response.json({ token: 't2', refresh_token: 'r2' }));
    const grant = await renewAtService(settingsOf('bitbucket'), fetch)('r1');
    assertEqual(grant, { token: 't2', refresh_token: 'r2' });
    const form = { provider: 'bitbucket', site_id: 'site.example', refresh_token: 'r1' };
    assertEqual(asked, [{ url: 'https://api.netlify.com/auth/refresh', form }]);
  });

  const answers: [string, () => Response, string][] = [
    ['no such address', () => new Response('<h1>', { status: 404 }), 'Unauthenticated'],
    ['a web page', () => new Response('<h1>'), 'Unauthenticated'],
    ['a refusal', () => Response.json({ message: 'no' }, { status: 422 }), 'Unauthenticated'],
    ['an error with 200', () => Response.json({ error: 'bad_refresh_token' }), 'Unauthenticated'],
    ['trouble', () => new Response('', { status: 502 }), 'Unknown'],
    ['too many requests', () => new Response('', { status: 429 }), 'RateLimited'],
  ];
  for (const [name, answer, kind] of answers)
    it(`hears of a service: ${name}`, async () => {
      const renew = renewAtService(settingsOf('github'), server(answer).fetch);
      const error = await rejection(renew('secret-refresh'));
      assertEqual(error.kind, kind);
      assert(!error.message.includes('secret'), 'no token in an error');
    });

  it('tells a service that is away from one that refuses', async () => {
    const away = async () => Promise.reject(new TypeError('Failed to fetch'));
    const error = await rejection(renewAtService(settingsOf('github'), away)('secret-refresh'));
    assertEqual(error.kind, 'Network');
    assert(!error.message.includes('secret'), 'no token in an error');
  });
});
