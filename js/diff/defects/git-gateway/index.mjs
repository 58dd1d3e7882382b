// It asks each host with the class of that host's backend, and so has its defects.
import { rebasedAsOne } from '../alike.mjs';
import { errorsEmptied, OF_ITS_API as OF_GITHUB } from '../github/api.mjs';
import { CHOSEN, OF_ITS_API as OF_GITLAB, FOUND as ON_GITLAB } from '../gitlab/index.mjs';
import { ITS_OWN } from './own.mjs';

export const beforeGitHub = {
  KNOWN: [...OF_GITHUB, errorsEmptied()],
  FOUND: ITS_OWN,
  CHOSEN: [rebasedAsOne],
};

export const beforeGitLab = { KNOWN: OF_GITLAB, FOUND: [...ITS_OWN, ...ON_GITLAB], CHOSEN };
