// Every flow, on each backend it applies to.
import { badAnswers } from './flows/answers.mjs';
import { bitbucketFlows } from './flows/bitbucket.mjs';
import { entryFlows } from './flows/entries.mjs';
import { gatewayFlows } from './flows/gateway.mjs';
import { giteaFlows } from './flows/gitea.mjs';
import { gitlabFlows } from './flows/gitlab.mjs';
import { privateImages } from './flows/images.mjs';
import { listFlows } from './flows/lists.mjs';
import { loadFlows } from './flows/load.mjs';
import { folderFlows, mediaFlows } from './flows/media.mjs';
import { oauthFlows, signsIn, WAYS } from './flows/oauth.mjs';
import { openAuthoringFlows } from './flows/openauthoring.mjs';
import { policyFlows } from './flows/policy.mjs';
import { sessionFlows, signsInByItself } from './flows/session.mjs';
import { signInFlows } from './flows/signin.mjs';
import { structureFlows } from './flows/structure.mjs';
import { troubleFlows } from './flows/trouble.mjs';
import { workflowFlows } from './flows/workflow.mjs';
import { test } from './lib/runner.mjs';

/** Those of scripts/demo/hosts that one signs in to with a token. */
const TOKEN_HOSTS = ['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket'];

const WORLDS = [
  ['proxy', { host: 'proxy', server: 'staticcms' }],
  ['decap-server', { host: 'proxy', server: 'decap' }],
  ['test-repo', { host: 'test-repo' }],
  ...[...TOKEN_HOSTS, 'git-gateway'].map((host) => [host, { host }]),
];

const FLOWS = {
  ...sessionFlows,
  ...listFlows,
  ...entryFlows,
  ...mediaFlows,
  ...structureFlows,
};

// decap-server lists no folders, so there is none that could be opened.
const flowsOn = (name) => (name === 'decap-server' ? FLOWS : { ...FLOWS, ...folderFlows });

for (const [name, world] of WORLDS) {
  for (const [flow, body] of Object.entries(flowsOn(name))) test(`${name}: ${flow}`, world, body);
  for (const [flow, body] of Object.entries(workflowFlows)) {
    test(`${name}: workflow: ${flow}`, { ...world, workflow: true }, body);
  }
}

for (const [host, ways] of Object.entries(WAYS)) {
  for (const oauth of ways) test(`${host}: sign in by ${oauth}`, { host, oauth }, signsIn);
}
for (const [flow, { world, body }] of Object.entries(oauthFlows)) {
  test(`oauth: ${flow}`, world, body);
}

test('test-repo: login: false', { host: 'test-repo', settings: { login: false } }, signsInByItself);

for (const host of TOKEN_HOSTS) {
  for (const [flow, body] of Object.entries(signInFlows)) test(`${host}: ${flow}`, { host }, body);
  test(`${host}: private images`, { host, privateRepository: true }, privateImages);
}

for (const host of [...TOKEN_HOSTS, 'git-gateway']) {
  for (const [flow, body] of Object.entries(troubleFlows)) {
    test(`${host}: ${flow}`, { host, workflow: flow.includes('draft') }, body);
  }
}

// The drivers behind it are tried by themselves.
const THROUGH_THE_GATEWAY = [
  'sign in, reload, sign out',
  'list with paging to the end',
  'edit and save',
  'delete',
  'media: upload in an entry and use it',
];
for (const provider of ['gitlab', 'bitbucket']) {
  const host = `git-gateway-${provider}`;
  for (const flow of THROUGH_THE_GATEWAY) test(`${host}: ${flow}`, { host }, FLOWS[flow]);
  for (const [flow, body] of Object.entries(workflowFlows)) {
    test(`${host}: workflow: ${flow}`, { host, edge: true, workflow: true }, body);
  }
}
for (const [flow, { world, body }] of Object.entries(gatewayFlows)) {
  test(`git-gateway: ${flow}`, world, body);
}
for (const [flow, { world, body }] of Object.entries(bitbucketFlows)) {
  test(`bitbucket: ${flow}`, world, body);
}
for (const [flow, { world, body }] of Object.entries(gitlabFlows)) {
  test(`gitlab: ${flow}`, world, body);
}
for (const [flow, { world, body }] of Object.entries(giteaFlows)) {
  test(`gitea: ${flow}`, world, body);
}

const openAuthoring = { host: 'github', workflow: true, openAuthoring: true };
for (const [flow, body] of Object.entries(openAuthoringFlows)) {
  test(`github: open authoring: ${flow}`, openAuthoring, body);
}

for (const [flow, { world, body }] of Object.entries({
  ...badAnswers,
  ...loadFlows,
  ...policyFlows,
})) {
  test(`bad input: ${flow}`, world, body);
}
