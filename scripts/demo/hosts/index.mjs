// The hosts that there are fakes of, by the names of their worlds.
import { bitbucket } from './bitbucket.mjs';
import { gateway } from './gateway.mjs';
import { forgejo, gitea } from './gitea.mjs';
import { github } from './github.mjs';
import { gitlab } from './gitlab.mjs';

/**
 * @typedef {object} HostKind
 * @property {string} backend the name in a config.yml
 * @property {string} label for people
 * @property {string[]} flags of the program that serves the fake
 * @property {'popup' | 'pkce'} [way] how people sign in to a demo, beside with a token
 * @property {(hosts: object, repository: string) => object} settings the keys of a config.yml's
 *   backend block besides the name
 * @property {(hosts: object, token: string) => import('./client.mjs').Client} client
 * @property {(hosts: object) => {email: string, password: string, name: string, roles: string[]}[]}
 *   [people] who can sign in, where that isn't with a token
 */

/** @type {Record<string, HostKind>} */
export const HOSTS = {
  github,
  gitlab,
  gitea,
  forgejo,
  bitbucket,
  'git-gateway': gateway.github,
  'git-gateway-gitlab': gateway.gitlab,
  'git-gateway-bitbucket': gateway.bitbucket,
};

/** What HOST may be; what is behind a git-gateway is PROVIDER's. */
export const HOST_NAMES = ['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket', 'git-gateway'];

/** The kind that HOST and PROVIDER name. Throws where PROVIDER is none. */
export function hostKind(name, provider = 'github') {
  if (name !== 'git-gateway') return HOSTS[name];
  if (Object.hasOwn(gateway, provider)) return gateway[provider];
  throw new Error(`PROVIDER is ${provider}: it must be ${Object.keys(gateway).join(', ')}.`);
}
