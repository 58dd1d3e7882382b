// All scenarios, by name.
import { draftScenarios } from './scenarios/drafts.mjs';
import { entryScenarios } from './scenarios/entries.mjs';
import { errorScenarios } from './scenarios/errors.mjs';
import { listScenarios } from './scenarios/lists.mjs';
import { mediaScenarios } from './scenarios/media.mjs';
import { moveScenarios } from './scenarios/moves.mjs';
import { openAuthoringScenarios } from './scenarios/openauthoring.mjs';
import { publishScenarios } from './scenarios/publish.mjs';
import { workflowScenarios } from './scenarios/workflow.mjs';

export const SCENARIOS = {
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
