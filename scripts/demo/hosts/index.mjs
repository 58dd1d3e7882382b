// The hosts that there are fakes of, by the names of their worlds.
import { forgejo, gitea } from './gitea.mjs';
import { github } from './github.mjs';
import { gitlab } from './gitlab.mjs';

/**
 * @typedef {object} HostKind
 * @property {string} backend the name in a config.yml
 * @property {string} label for people
 * @property {string[]} flags of the program that serves the fake
 * @property {(hosts: object, repository: string) => object} settings the keys of a config.yml's
 *   backend block besides the name
 * @property {(hosts: object, token: string) => import('./client.mjs').Client} client
 */

/** @type {Record<string, HostKind>} */
export const HOSTS = { github, gitlab, gitea, forgejo };
