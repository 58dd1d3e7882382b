/** The page that takes a token, as it stands in a CMS with and without React's hooks. */

import { registerBackends } from '../dist/index.js';
import { assert, assertEqual } from './assert.js';

type Node = { type: unknown; props: Record<string, unknown> };
type Page = (props: object) => Node;

const h = (type: unknown, props: object): Node => ({ type, props: props as Node['props'] });

function tokenPage(backend: object, core: object, host = 'github'): Page {
  Reflect.set(globalThis, 'h', h);
  let page: Page | undefined;
  const CMS = {
    registerBackend(name: string, Class: unknown) {
      if (name !== host) return;
      const Host = Class as new (config: object, init: object) => { authComponent(): Page };
      page = new Host({ backend }, { useWorkflow: true }).authComponent();
    },
  };
  registerBackends(CMS, { wasmURL: '/faults/faulty.wasm', core });
  assert(page, 'a sign-in page');
  return page;
}

interface Drawn {
  place: HTMLElement;
  /** What the page says is wrong. */
  error(): string;
  /** The credentials that the CMS was told. */
  told: object[];
}

/** As in Decap CMS: no hooks. */
function drawPlain(backend: object, host?: string): Drawn {
  const told: object[] = [];
  const page = tokenPage(backend, {}, host);
  const props = { onLogin: (credentials: object) => told.push(credentials) };
  const place = document.body.appendChild(document.createElement('section'));
  for (const _ of [1, 2]) (page(props).props.ref as (place: HTMLElement) => void)(place);
  return {
    place,
    told,
    error: () => place.querySelector('.mooring-login-error')?.textContent ?? '',
  };
}

/** As in Static CMS: its own page around the form, and one hook. */
function drawNative(backend: object): Drawn {
  const told: object[] = [];
  let error = '';
  Reflect.set(globalThis, 'useState', () => [error, (e: string) => render(e)]);
  class ProxyBackend {
    authComponent() {
      return () => ({ type: 'native-login' });
    }
  }
  const page = tokenPage(backend, { ProxyBackend });
  const place = document.body.appendChild(document.createElement('div'));
  const render = (e: string) => {
    error = e;
    const { type, props } = page({ onLogin: (credentials: object) => told.push(credentials) });
    assertEqual(type, 'native-login');
    assertEqual(props.error || '', error);
    const { ref } = (props.buttonContent as Node).props;
    (ref as (place: HTMLElement | null) => void)(null);
    (ref as (place: HTMLElement | null) => void)(place);
  };
  render('');
  return { place, told, error: () => error };
}

const part = <E extends Element>(place: Element, selector: string): E => {
  const found = place.querySelector<E>(selector);
  assert(found, `${selector} in ${place.innerHTML}`);
  return found;
};

const buttonOf = (place: Element, text: string): HTMLButtonElement => {
  const found = [...place.querySelectorAll('button')].find((b) => b.textContent === text);
  assert(found, `a button "${text}" in ${place.innerHTML}`);
  return found;
};

async function enter({ place }: Drawn, token: string): Promise<void> {
  part<HTMLInputElement>(place, 'input[name=token]').value = token;
  const button = buttonOf(place, 'Login');
  button.click();
  await until(() => !button.disabled);
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

for (const [kind, draw] of [
  ['plain', drawPlain],
  ['native', drawNative],
] as const) {
  describe(`the ${kind} token page`, () => {
    let drawn: Drawn;
    afterEach(() => {
      drawn.place.remove();
      Reflect.deleteProperty(globalThis, 'useState');
    });

    it('has one labelled field, hidden and not to be kept', () => {
      drawn = draw({});
      const inputs = drawn.place.querySelectorAll('input');
      const [input] = inputs;
      assert(input && inputs.length === 1, 'one field');
      assertEqual([input.type, input.name, input.autocomplete], ['password', 'token', 'off']);
      assertEqual(input.labels?.[0]?.textContent, 'GitHub access token');
    });

    it('tells the CMS only when the host took the token', async () => {
      drawn = draw({});
      await enter(drawn, 'wrong');
      assertEqual([drawn.told, drawn.error()], [[], 'Nobody has this token.']);
      await enter(drawn, ' writer\n');
      assertEqual([drawn.told, drawn.error()], [[{ token: 'writer' }], '']);
      assertEqual(part<HTMLInputElement>(drawn.place, 'input').value, '');
    });

    it('shows that it is busy', async () => {
      drawn = draw({});
      part<HTMLInputElement>(drawn.place, 'input').value = 'writer';
      const button = buttonOf(drawn.place, 'Login');
      button.click();
      assertEqual([button.disabled, button.textContent], [true, 'Logging in…']);
      assertEqual(part(drawn.place, 'form').getAttribute('aria-busy'), 'true');
      await until(() => !button.disabled);
      assertEqual(button.textContent, 'Login');
    });

    it('asks for a token where there is none', async () => {
      drawn = draw({});
      await enter(drawn, '  ');
      assertEqual(drawn.error(), 'Paste an access token of your GitHub account first.');
    });

    it('asks before it forks', async () => {
      drawn = draw({ open_authoring: true });
      await enter(drawn, 'reader');
      const { place, told } = drawn;
      assertEqual(
        [part(place, 'p[role=alert]:not(:empty)').textContent, told, drawn.error()],
        ['You may not write to ann/site, but to a fork of it.', [], ''],
      );
      buttonOf(place, "Don't fork").click();
      assertEqual(place.querySelectorAll('input').length, 1);
      assert(/^Nobody is signed in: .*fork/.test(drawn.error()), drawn.error());
      await enter(drawn, 'reader');
      buttonOf(place, 'Fork the repository').click();
      await until(() => told.length > 0);
      assertEqual(told, [{ token: 'reader', fork: true }]);
    });
  });
}

describe('the token page of each host', () => {
  for (const [host, label] of [
    ['github', 'GitHub access token'],
    ['gitlab', 'GitLab access token'],
    ['gitea', 'Gitea access token'],
    ['bitbucket', 'Bitbucket access token'],
  ] as const) {
    it(`asks for a ${label}`, () => {
      const { place } = drawPlain({}, host);
      const input = part<HTMLInputElement>(place, 'input[name=token]');
      assertEqual(input.labels?.[0]?.textContent, label);
      place.remove();
    });
  }

  it('asks for an e-mail address where tokens go with one', async () => {
    const drawn = drawPlain({}, 'bitbucket');
    const email = part<HTMLInputElement>(drawn.place, 'input[name=email]');
    assertEqual(email.labels?.[0]?.textContent, 'E-mail address (only with an API token)');
    email.value = ' ann@example.com';
    await enter(drawn, 'writer');
    email.value = '';
    await enter(drawn, 'writer');
    assertEqual(drawn.told, [{ token: 'ann@example.com:writer' }, { token: 'writer' }]);
    drawn.place.remove();
  });
});

describe('the link to the token page', () => {
  const purpose = `CMS+of+${encodeURIComponent(location.host)}`;
  const github = (web: string) => `${web}/settings/tokens/new?scopes=repo&description=${purpose}`;
  const gitlab = (web: string) =>
    `${web}/-/user_settings/personal_access_tokens?name=${purpose}&scopes=api`;
  const gitea = (web: string) => `${web}/user/settings/applications`;
  const atlassian = 'https://id.atlassian.com/manage-profile/security/api-tokens';
  const links: [host: string, backend: object, want: string | undefined][] = [
    ['github', {}, github('https://github.com')],
    ['github', { api_root: 'https://api.github.com' }, github('https://github.com')],
    ['github', { api_root: 'https://api.octo.ghe.com/' }, github('https://octo.ghe.com')],
    [
      'github',
      { api_root: 'https://git.example.com:8443/api/v3' },
      github('https://git.example.com:8443'),
    ],
    ['github', { api_root: 'https://example.com/git/api/v3/' }, github('https://example.com/git')],
    ['github', { api_root: 'https://gateway.example.com/github' }, undefined],
    ['github', { api_root: 'javascript:alert(1)//api/v3' }, undefined],
    ['github', { api_root: 'nonsense' }, undefined],
    ['github', { api_root: 5 }, undefined],
    ['gitlab', {}, gitlab('https://gitlab.com')],
    ['gitlab', { api_root: 'https://gitlab.com/api/v4/' }, gitlab('https://gitlab.com')],
    [
      'gitlab',
      { api_root: 'https://example.com/tools/gitlab/api/v4' },
      gitlab('https://example.com/tools/gitlab'),
    ],
    ['gitlab', { api_root: 'https://gateway.example.com/gitlab' }, undefined],
    ['gitlab', { api_root: 'javascript:alert(1)//api/v4' }, undefined],
    ['gitea', {}, undefined],
    ['gitea', { api_root: 'https://codeberg.org/api/v1' }, gitea('https://codeberg.org')],
    ['gitea', { api_root: 'https://example.com/git/api/v1/' }, gitea('https://example.com/git')],
    ['gitea', { base_url: 'https://example.com/git/' }, gitea('https://example.com/git')],
    [
      'gitea',
      { api_root: 'https://gateway.example.com/', base_url: 'https://git.example.com' },
      gitea('https://git.example.com'),
    ],
    ['gitea', { base_url: 'javascript:alert(1)' }, undefined],
    ['bitbucket', {}, atlassian],
    ['bitbucket', { api_root: 'https://api.bitbucket.org/2.0/' }, atlassian],
    ['bitbucket', { api_root: 'https://gateway.example.com/bitbucket' }, undefined],
  ];
  for (const [host, backend, want] of links) {
    it(`of ${host} with ${JSON.stringify(backend)} ${want ? `is ${want}` : 'is left out'}`, () => {
      const { place } = drawPlain(backend, host);
      assertEqual(place.querySelector('a')?.href, want);
      place.remove();
    });
  }

  it('asks for no more than the site needs', () => {
    const scope = (backend: object) => {
      const { place } = drawPlain(backend);
      const { href } = part<HTMLAnchorElement>(place, 'a');
      place.remove();
      return new URL(href).searchParams.get('scopes');
    };
    assertEqual(
      [
        scope({}),
        scope({ open_authoring: true }),
        scope({ auth_scope: 'repo', open_authoring: true }),
      ],
      ['repo', 'public_repo', 'repo'],
    );
  });
});
