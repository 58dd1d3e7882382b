// Every flow, on each backend it applies to.
import { badAnswers } from './flows/answers.mjs';
import { entryFlows } from './flows/entries.mjs';
import { privateImages, signInFlows, troubleFlows } from './flows/github.mjs';
import { listFlows } from './flows/lists.mjs';
import { loadFlows } from './flows/load.mjs';
import { folderFlows, mediaFlows } from './flows/media.mjs';
import { openAuthoringFlows } from './flows/openauthoring.mjs';
import { sessionFlows, signsInByItself } from './flows/session.mjs';
import { structureFlows } from './flows/structure.mjs';
import { workflowFlows } from './flows/workflow.mjs';
import { test } from './lib/runner.mjs';

const WORLDS = [
  ['proxy', { backend: 'proxy', server: 'staticcms' }],
  ['decap-server', { backend: 'proxy', server: 'decap' }],
  ['test-repo', { backend: 'test-repo' }],
  ['github', { backend: 'github' }],
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

test(
  'test-repo: login: false',
  { backend: 'test-repo', settings: { login: false } },
  signsInByItself,
);

for (const [flow, body] of Object.entries({ ...signInFlows, ...troubleFlows })) {
  const workflow = flow.includes('draft');
  test(`github: ${flow}`, { backend: 'github', workflow }, body);
}
test('github: private images', { backend: 'github', privateRepository: true }, privateImages);
const openAuthoring = { backend: 'github', workflow: true, openAuthoring: true, timeout: 120_000 };
for (const [flow, body] of Object.entries(openAuthoringFlows)) {
  test(`github: open authoring: ${flow}`, openAuthoring, body);
}

for (const [flow, { world, body }] of Object.entries({ ...badAnswers, ...loadFlows })) {
  test(`bad input: ${flow}`, world, body);
}
