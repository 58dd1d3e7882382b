// What a host's built-in backend does wrong (or ours differently, on purpose), and where that
// shows as a difference: in which scenario, at which place, with what on its side and on ours. A
// difference that is not in the list fails the test, and so does one in the list that does not
// show any more. Each is {defect: sentence} with one of
//
//   shown       {scenario: {place: [built-in's, ours]}}
//   everywhere  {place: RegExp, sides: [built-in's, ours]}, for any place of any scenario
import { ALIKE } from './alike.mjs';
import * as bitbucket from './bitbucket/index.mjs';
import { beforeGitHub, beforeGitLab } from './git-gateway/index.mjs';
import * as gitea from './gitea/index.mjs';
import * as github from './github/index.mjs';
import * as gitlab from './gitlab/index.mjs';

const listed = ({ KNOWN, FOUND, CHOSEN }) => [...ALIKE, ...KNOWN, ...FOUND, ...CHOSEN];

export const DEFECTS = {
  github: listed(github),
  gitlab: listed(gitlab),
  gitea: listed(gitea),
  bitbucket: listed(bitbucket),
  'git-gateway': listed(beforeGitHub),
  'git-gateway-gitlab': listed(beforeGitLab),
};
