// All scenarios, by name, and who can do them.
import { draftScenarios } from './scenarios/drafts.mjs';
import { entryScenarios } from './scenarios/entries.mjs';
import { errorScenarios } from './scenarios/errors.mjs';
import { listScenarios } from './scenarios/lists.mjs';
import { mediaScenarios } from './scenarios/media.mjs';
import { moveScenarios } from './scenarios/moves.mjs';
import { openAuthoringScenarios } from './scenarios/openauthoring.mjs';
import { publishScenarios } from './scenarios/publish.mjs';
import { workflowScenarios } from './scenarios/workflow.mjs';

const ALL = {
  ...listScenarios,
  ...entryScenarios,
  ...moveScenarios,
  ...mediaScenarios,
  ...workflowScenarios,
  ...publishScenarios,
  ...openAuthoringScenarios,
  ...draftScenarios,
  ...errorScenarios,
};

/** What a scenario's site needs of its backend beside what each can do. */
function needs({ repository, config: { publish_mode: mode, backend = {} } = {} }) {
  const wanted = [];
  if (repository ?? backend.repo) wanted.push('repo');
  if (mode === 'editorial_workflow') wanted.push('workflow');
  if (backend.open_authoring) wanted.push('forks');
  return wanted;
}

/** Those, by name, for whose sites a backend will do; can is what it can do: see BUILTINS. */
export const scenariosFor = (can) =>
  Object.fromEntries(
    Object.entries(ALL).filter(([, scenario]) =>
      needs(scenario).every((want) => can.includes(want)),
    ),
  );
