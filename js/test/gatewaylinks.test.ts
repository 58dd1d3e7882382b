/** Links from the identity service's mails, and the forms that they lead to. */

import { type Page, takeLink } from '../src/gateway/links.js';
import { assert, assertEqual } from './assert.js';
import { type Drawn, draw, enter, leave, part, until } from './gatewaypage.js';
import { forget, openSite, PERSON, type Site } from './gatewaysite.js';

const NEW = 'a quiet harbour';
const notFound = () => Response.json({ code: 404, msg: 'User not found' }, { status: 404 });
const refused = (msg: string) => () => Response.json({ code: 422, msg }, { status: 422 });

/** Draws the page at an address with that fragment. */
function follow(site: Site, hash: string): Drawn {
  history.replaceState(null, '', location.pathname + location.search + hash);
  return draw(site);
}

const press = ({ place }: Drawn, text: string) => {
  const button = [...place.querySelectorAll('button')].find((b) => b.textContent === text);
  assert(button, `a button “${text}” in ${place.innerHTML}`);
  button.click();
};

async function choose(drawn: Drawn, password: string): Promise<void> {
  const input = part<HTMLInputElement>(drawn.place, '[name=new-password]');
  await until(() => !input.disabled);
  input.value = password;
  press(drawn, 'Save and sign in');
  await until(() => !input.disabled);
}

const fieldsOf = ({ place }: Drawn) => [...place.querySelectorAll('input')].map(({ name }) => name);

/** Bodies of requests to the service. */
function noted(site: Site): object[] {
  const bodies: object[] = [];
  const { fetch } = site;
  site.fetch = (input, init) => {
    if (/(verify|user|recover)$/.test(String(input))) bodies.push(JSON.parse(String(init?.body)));
    return fetch(input, init);
  };
  return bodies;
}

afterEach(() => {
  leave();
  forget();
  document.querySelector('script[src*="netlify-identity-widget"]')?.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

describe('the token of a link', () => {
  const cases = [
    ['#invite_token=abc', { kind: 'invite', token: 'abc' }],
    ['#/recovery_token=a-b_c', { kind: 'recovery', token: 'a-b_c' }],
    ['#confirmation_token=abc&x=1', { kind: 'confirmation', token: 'abc' }],
    ['#email_change_token=abc', { kind: 'email_change', token: 'abc' }],
    ['#/collections/invite_token=abc', undefined],
    ['#invite_token=', undefined],
    ['#/collections/posts', undefined],
    ['', undefined],
  ] as const;
  for (const [hash, link] of cases)
    it(`is taken out of “${hash}”, and nothing else is`, () => {
      const replaced: unknown[] = [];
      const page: Page = {
        location: { pathname: '/admin/', search: '?a=1', hash },
        history: { state: { idx: 0 }, replaceState: (...all) => replaced.push(all) },
      };
      assertEqual(takeLink(page), link);
      assertEqual(replaced, link ? [[{ idx: 0 }, '', '/admin/?a=1']] : []);
    });
});

describe('an invitation', () => {
  it('asks for a password that is long enough, and signs in with it', async () => {
    const site = openSite();
    const bodies = noted(site);
    const drawn = follow(site, '#invite_token=abc');
    assertEqual([location.hash, fieldsOf(drawn)], ['', ['new-password', '']]);
    const input = part<HTMLInputElement>(drawn.place, '[name=new-password]');
    const rule = document.getElementById(input.getAttribute('aria-describedby') ?? '');
    assertEqual(
      [input.autocomplete, input.labels?.[0]?.textContent, rule?.textContent],
      ['new-password', 'New password', 'At least 8 characters.'],
    );
    await choose(drawn, 'short');
    assertEqual([/at least 8/.test(drawn.error()), site.asked], [true, []]);
    assertEqual(document.activeElement, input);
    await choose(drawn, NEW);
    assertEqual([drawn.told, drawn.error()], [[{}], '']);
    assertEqual(bodies, [{ type: 'signup', token: 'abc', password: NEW }]);
  });

  it('keeps its form where the service wants another password, or is away', async () => {
    const site = openSite();
    const drawn = follow(site, '#invite_token=abc');
    site.link = refused('Password should be at least 20 characters');
    await choose(drawn, NEW);
    assert(
      /does not take this password: “.*20 char.*another one/.test(drawn.error()),
      drawn.error(),
    );
    site.link = () => new Response('', { status: 503 });
    await choose(drawn, NEW);
    assert(/in trouble: it answered 503/.test(drawn.error()), drawn.error());
    site.link = () => undefined;
    await choose(drawn, NEW);
    assertEqual(drawn.told, [{}]);
  });

  for (const [name, answer] of [
    ['used', notFound],
    ['expired', refused('Confirmation token expired')],
    ['expired, by another service', () => Response.json({ msg: 'gone' }, { status: 410 })],
  ] as const)
    it(`that is ${name} leads to the sign-in form`, async () => {
      const site = openSite();
      const drawn = follow(site, '#invite_token=abc');
      site.link = answer;
      await choose(drawn, NEW);
      assert(
        /used before or has expired.*“Forgot your password\?”/.test(drawn.error()),
        drawn.error(),
      );
      await enter(drawn, PERSON.email, PERSON.password);
      assertEqual([drawn.told, drawn.error()], [[{}], '']);
    });
});

describe('a link to a new password', () => {
  it('signs in first, and once, however often the password is refused', async () => {
    const site = openSite();
    const bodies = noted(site);
    const drawn = follow(site, '#/recovery_token=abc');
    site.change = refused('Password is too common');
    await choose(drawn, NEW);
    assert(
      /does not take this password: “Password is too common”/.test(drawn.error()),
      drawn.error(),
    );
    site.change = () => Response.json({});
    await choose(drawn, NEW);
    assertEqual(drawn.told, [{}]);
    const change = { password: NEW };
    assertEqual(bodies, [{ type: 'recovery', token: 'abc' }, change, change]);
  });

  it('is tried again where the service was away', async () => {
    const site = openSite();
    site.link = () => new Response('', { status: 502 });
    const drawn = follow(site, '#recovery_token=abc');
    await until(() => /answered 502/.test(drawn.error()));
    site.link = () => undefined;
    await choose(drawn, NEW);
    assertEqual([drawn.told, drawn.error()], [[{}], '']);
  });

  it('says at once that it is spent', async () => {
    const site = openSite();
    site.link = notFound;
    const drawn = follow(site, '#recovery_token=abc');
    await until(() => /used before or has expired/.test(drawn.error()));
    assertEqual(fieldsOf(drawn), ['email', 'password']);
  });

  it('is sent to anybody, without saying whether they have an account', async () => {
    const told: string[] = [];
    const late = () => Response.json({ msg: 'try again later' }, { status: 429 });
    for (const answer of [() => Response.json({}), notFound, late]) {
      const site = openSite();
      site.recover = answer;
      const bodies = noted(site);
      const drawn = draw(site);
      part<HTMLInputElement>(drawn.place, '[name=email]').value = PERSON.email;
      press(drawn, 'Forgot your password?');
      press(drawn, 'Send the link');
      const status = part(drawn.place, '[role=status]');
      await until(() => /If there is an account/.test(status.textContent ?? ''));
      told.push(`${status.textContent} ${drawn.error()}`);
      assertEqual(bodies, [{ email: PERSON.email }]);
      press(drawn, 'Back to sign-in');
      assertEqual(fieldsOf(drawn), ['email', 'password']);
    }
    assertEqual(new Set(told).size, 1);
  });

  it('is not said to be sent where the service is away or no address is there', async () => {
    const site = openSite();
    site.recover = () => new Response('', { status: 500 });
    const drawn = draw(site);
    press(drawn, 'Forgot your password?');
    press(drawn, 'Send the link');
    assertEqual([drawn.error(), site.asked], ['Enter your e-mail address first.', []]);
    part<HTMLInputElement>(drawn.place, '[name=email]').value = PERSON.email;
    press(drawn, 'Send the link');
    await until(() => /answered 500/.test(drawn.error()));
    assert(!/If there is/.test(drawn.place.textContent ?? ''), 'nothing was sent');
  });
});

describe('a link to an address', () => {
  it('signs in whose it is', async () => {
    const site = openSite();
    const bodies = noted(site);
    const drawn = follow(site, '#confirmation_token=abc');
    await until(() => drawn.told.length > 0);
    assertEqual([drawn.told, bodies], [[{}], [{ type: 'signup', token: 'abc' }]]);
  });

  it('changes that of whoever is signed in, and gets them a token with it', async () => {
    const site = openSite();
    await enter(draw(site), PERSON.email, PERSON.password);
    const bodies = noted(site);
    const drawn = follow(site, '#email_change_token=abc');
    await until(() => drawn.told.length > 0);
    assertEqual([bodies, site.count('/token')], [[{ email_change_token: 'abc' }], 2]);
  });

  it('waits for somebody to sign in, and is told when it is another’s', async () => {
    const site = openSite();
    const drawn = follow(site, '#email_change_token=abc');
    assertEqual(site.asked, []);
    assert(/Sign in with the e-mail address/.test(drawn.place.textContent ?? ''), 'a reason');
    site.change = () =>
      Response.json({ code: 401, msg: 'Email Change Token didn’t match' }, { status: 401 });
    await enter(drawn, PERSON.email, PERSON.password);
    assert(/was not changed/.test(drawn.error()), drawn.error());
    await enter(drawn, PERSON.email, PERSON.password);
    assertEqual([drawn.told, drawn.error(), site.count('/user')], [[{}], '', 1]);
  });
});

describe('a link where Netlify’s widget is', () => {
  it('is left to it', () => {
    Reflect.set(globalThis, 'netlifyIdentity', {
      currentUser: () => null,
      on: () => undefined,
      init: () => undefined,
    });
    follow(openSite(), '#invite_token=abc');
    assertEqual(location.hash, '#invite_token=abc');
  });

  it('is followed where its script does not come', () => {
    const script = document.createElement('script');
    script.type = 'text/plain';
    script.src = 'https://identity.example/netlify-identity-widget.js';
    document.head.append(script);
    assertEqual(fieldsOf(follow(openSite(), '#invite_token=abc')), ['new-password', '']);
    assertEqual(location.hash, '');
  });
});
