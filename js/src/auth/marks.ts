/** The marks of hosts, by which people know them, in the colour of the text beside them. */

import bitbucket from 'simple-icons/icons/bitbucket.svg';
import gitea from 'simple-icons/icons/gitea.svg';
import github from 'simple-icons/icons/github.svg';
import gitlab from 'simple-icons/icons/gitlab.svg';

const MARKS: Record<string, string> = { bitbucket, gitea, github, gitlab };

const SVG = 'http://www.w3.org/2000/svg';

/** Undefined for a host without one. The name stands beside it, so it is not read out. */
export function markOf(host: string): SVGSVGElement | undefined {
  const outline = /<path d="([^"]+)"/.exec(MARKS[host] ?? '')?.[1];
  if (!outline) return undefined;
  const mark = document.createElementNS(SVG, 'svg');
  mark.setAttribute('class', 'CMS_Button_start-icon mooring-login-mark');
  mark.setAttribute('viewBox', '0 0 24 24');
  mark.setAttribute('fill', 'currentColor');
  mark.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', outline);
  mark.append(path);
  return mark;
}
