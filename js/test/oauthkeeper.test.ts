/** Where a grant lives, mode by mode. */

import type { Grant } from '../src/oauth/grant.js';
import { Keeper, type Mode, type Stored } from '../src/oauth/keeper.js';
import { assert, assertEqual } from './assert.js';
import { NO_STORAGE } from './oauthpage.js';

const GRANT: Grant = {
  token: 'secret-token',
  refresh_token: 'secret-refresh',
  expires: 7,
  lifetime: 5,
};
const NEXT: Grant = {
  token: 'next-token',
  refresh_token: 'next-refresh',
  expires: 17,
  lifetime: 5,
};

/** The CMS keeps what it got in its user object. */
const signIn = (stored: Stored, login = 'ann', key = 'static-cms-user') =>
  localStorage.setItem(key, JSON.stringify({ login, backendName: 'gitlab', ...stored }));

const user = (key = 'static-cms-user') => JSON.parse(localStorage.getItem(key) ?? 'null');

const everything = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);

/** Runs with a page that is kept from its storage. */
function withoutStorage(run: () => void): void {
  const names = ['localStorage', 'sessionStorage'] as const;
  const own = names.map((name) => Object.getOwnPropertyDescriptor(window, name));
  for (const name of names)
    Object.defineProperty(window, name, { get: () => NO_STORAGE, configurable: true });
  try {
    run();
  } finally {
    names.forEach((name, i) => {
      Object.defineProperty(window, name, own[i] as PropertyDescriptor);
    });
  }
}

afterEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe('a session that stays', () => {
  it('is in the CMS’s user object', () => {
    const stored = new Keeper('local', 'gitlab').keep({ ...GRANT, scope: 'api' });
    const { handle, ...rest } = stored;
    assertEqual([rest, typeof handle], [GRANT, 'string']);
    assertEqual(new Keeper('local', 'gitlab').take(JSON.parse(JSON.stringify(stored))), GRANT);
    assertEqual(everything(), '[{},{}]');
  });

  it('is taken up from the built-in backends', () => {
    assertEqual(new Keeper('local', 'gitlab').take({ token: 'old' }), { token: 'old' });
    const odd = { token: 7, expires: 'x' } as unknown as Stored;
    assertEqual(new Keeper('local', 'gitlab').take(odd), undefined);
  });

  for (const key of ['static-cms-user', 'decap-cms-user'])
    it(`is renewed where the CMS keeps it, for all tabs: ${key}`, () => {
      const keeper = new Keeper('local', 'gitlab');
      const stored = keeper.keep(GRANT);
      signIn(stored, 'ann', key);
      const [here, there] = [keeper.safe(stored), new Keeper('local', 'gitlab').safe(stored)];
      here.write(NEXT);
      assertEqual(there.read(), NEXT);
      const { login, backendName, handle, ...rest } = user(key);
      assertEqual([login, backendName, handle], ['ann', 'gitlab', stored.handle]);
      assertEqual(Object.entries(rest).sort(), Object.entries(NEXT).sort());
      assert(!everything().includes('secret'), 'no old token');
    });

  it('that a built-in backend began is changed when it is kept, not before', () => {
    const keeper = new Keeper('local', 'gitlab');
    signIn({ token: 'old', refresh_token: 'r' });
    keeper.safe(user()).write(NEXT);
    assertEqual(user().token, 'old');
    signIn(keeper.keep(GRANT));
    keeper.safe(user()).write(NEXT);
    assertEqual(user().token, 'next-token');
  });

  it('is not overtaken by an old token that the CMS stores late', () => {
    const keeper = new Keeper('local', 'gitlab');
    const stored = keeper.keep(GRANT);
    const safe = keeper.safe(stored);
    safe.write(NEXT);
    signIn(stored);
    assertEqual(safe.read(), NEXT);
  });

  it('is not mixed up with another person’s', () => {
    const keeper = new Keeper('local', 'gitlab');
    const safe = keeper.safe(keeper.keep(GRANT));
    const other = keeper.keep({ token: 'bobs', refresh_token: 'bobs' });
    signIn(other, 'bob');
    assertEqual(safe.read(), GRANT);
    safe.write(NEXT);
    assertEqual([safe.read(), user().token], [NEXT, 'bobs']);
    safe.clear();
    assertEqual([safe.read(), user().token], [undefined, 'bobs']);
  });

  it('leaves no token when it is over', () => {
    const keeper = new Keeper('local', 'gitlab');
    const stored = keeper.keep(GRANT);
    signIn(stored);
    keeper.safe(stored).clear();
    assertEqual([user().login, user().token], ['ann', undefined]);
    assert(!everything().includes('secret'), 'no token');
  });
});

for (const mode of ['tab', 'memory'] as const)
  describe(`a session in ${mode}`, () => {
    const keeper = new Keeper(mode, 'gitlab');

    it('gives the CMS a handle, worth nothing elsewhere', () => {
      const stored = keeper.keep(GRANT);
      assertEqual(Object.keys(stored), ['handle']);
      assertEqual(keeper.take(stored), GRANT);
      assertEqual(keeper.take({ handle: 'x' }), undefined);
      assertEqual(keeper.take({}), undefined);
      assert(!JSON.stringify({ ...localStorage }).includes('secret'), 'no token in localStorage');
      assertEqual(everything().includes('secret'), mode === 'tab');
    });

    it('is renewed', () => {
      const stored = keeper.keep(GRANT);
      keeper.safe(stored).write(NEXT);
      assertEqual([keeper.take(stored), keeper.safe(stored).read()], [NEXT, NEXT]);
      assert(!everything().includes('secret'), 'no old token');
    });

    for (const end of ['forget', 'clear'] as const)
      it(`is gone when it is over: ${end}`, () => {
        const stored = keeper.keep(GRANT);
        if (end === 'forget') keeper.forget(stored);
        else keeper.safe(stored).clear();
        assertEqual([keeper.take(stored), everything()], [undefined, '[{},{}]']);
      });
  });

describe('a session of a tab', () => {
  it('is there after the page was loaded again', async () => {
    const stored = new Keeper('tab', 'gitlab').keep(GRANT);
    // Another copy of the module has another memory, as after loading.
    const fresh: typeof import('../src/oauth/keeper.js') = await import(
      `../src/oauth/keeper.ts?${Date.now()}`
    );
    assertEqual(new fresh.Keeper('tab', 'gitlab').take(stored), GRANT);
    assertEqual(new fresh.Keeper('tab', 'gitea').take(stored), undefined);
    assertEqual(new fresh.Keeper('memory', 'gitlab').take(stored), undefined);
  });

  it('is found where the CMS has lost its handle', () => {
    const keeper = new Keeper('tab', 'gitlab');
    assertEqual(keeper.left(), undefined);
    keeper.keep({ token: 'before' });
    const stored = keeper.keep(GRANT);
    assertEqual(keeper.left(), stored);
    assert(!everything().includes('before'), 'one session');
    assertEqual(new Keeper('tab', 'gitea').left(), undefined);
  });
});

for (const mode of ['local', 'tab', 'memory'] satisfies Mode[])
  it(`a page that may store nothing has a session until it is left: ${mode}`, () => {
    withoutStorage(() => {
      const keeper = new Keeper(mode, 'gitlab');
      const stored = keeper.keep(GRANT);
      assertEqual([keeper.take(stored), keeper.left()], [GRANT, undefined]);
      const safe = keeper.safe(stored);
      safe.write(NEXT);
      assertEqual(safe.read(), NEXT);
      safe.clear();
      assertEqual(safe.read(), undefined);
      keeper.forget(stored);
    });
  });
