/** A site with an identity service and a gateway, as far as the page speaks to them. */

import { assert } from './assert.js';

export interface Site {
  fetch: typeof fetch;
  /** Requests so far, as "POST https://site.example/path". */
  asked: string[];
  /** What the gateway's settings are answered with. */
  settings: () => Response;
  /** What a renewal is answered with, undefined for the next tokens. */
  renewal: (() => Response) | undefined;
  /** What is answered to a link, and to a change of the account. */
  link: (fields: Record<string, string>) => Response | undefined;
  change: (fields: Record<string, string>) => Response;
  recover: () => Response;
  /** Seconds that tokens live. */
  lifetime: number;
  /** Of the person, in tokens from now on. */
  roles: string[];
  name: string;
  count(part: string): number;
}

export const PERSON = { email: 'ann@example.com', password: 'correct horse' };

const PICTURED = { avatar_url: 'https://site.example/ann.png' };

const url64 = (value: object) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The number tells one token from another. */
export function jwt(number: number, roles: string[], more: object = {}): string {
  const claims = {
    sub: 'ann',
    exp: 0,
    email: PERSON.email,
    app_metadata: { roles },
    user_metadata: { ...PICTURED, full_name: 'Ann' },
  };
  return `${url64({ alg: 'HS256' })}.${url64({ ...claims, ...more, number })}.c2ln`;
}

export function openSite(root = location.origin): Site {
  let number = 0;
  const grant = () => {
    number++;
    const { roles, lifetime, name } = site;
    const access_token = jwt(number, roles, { user_metadata: { ...PICTURED, full_name: name } });
    return Response.json({ access_token, refresh_token: `r${number}`, expires_in: lifetime });
  };
  const invalid = (error_description: string) =>
    Response.json({ error: 'invalid_grant', error_description }, { status: 400 });
  const token = (fields: URLSearchParams) => {
    if (fields.get('grant_type') === 'password')
      return fields.get('password') === PERSON.password ? grant() : invalid('Invalid Password');
    if (site.renewal) return site.renewal();
    return fields.get('refresh_token') === `r${number}`
      ? grant()
      : invalid('Invalid Refresh Token');
  };
  const answers: Record<string, (init: RequestInit) => Response> = {
    [`POST ${root}/.netlify/identity/token`]: ({ body }) => token(body as URLSearchParams),
    [`POST ${root}/.netlify/identity/verify`]: ({ body }) =>
      site.link(JSON.parse(String(body))) ?? grant(),
    [`PUT ${root}/.netlify/identity/user`]: ({ body }) => site.change(JSON.parse(String(body))),
    [`POST ${root}/.netlify/identity/recover`]: () => site.recover(),
    [`POST ${root}/.netlify/identity/logout`]: () => new Response(null, { status: 204 }),
    [`GET ${root}/.netlify/git/settings`]: () => site.settings(),
  };
  const site: Site = {
    asked: [],
    settings: () => Response.json({ github_enabled: true, roles: null }),
    renewal: undefined,
    link: () => undefined,
    change: () => Response.json({}),
    recover: () => Response.json({}),
    lifetime: 3600,
    roles: ['editor'],
    name: 'Ann',
    count: (part) => site.asked.filter((line) => line.includes(part)).length,
    fetch: async (input, init = {}) => {
      const line = `${init.method ?? 'GET'} ${input}`;
      site.asked.push(line);
      const answer = answers[line];
      assert(answer, `no request such as ${line}`);
      return answer(init);
    },
  };
  return site;
}

/** What a page keeps, and the next test must not find. */
export function forget(): void {
  for (const key of ['gotrue.user', 'mooring-git-gateway', 'netlifySiteURL'])
    for (const storage of [localStorage, sessionStorage]) storage.removeItem(key);
  Reflect.deleteProperty(globalThis, 'netlifyIdentity');
}
