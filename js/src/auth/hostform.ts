/** The ways to sign in at a host: the main one as a button, the others behind it. */

import type { Credentials } from '../types.js';
import { type Attempt, type AttemptOptions, attempts } from './attempt.js';
import { busy, button, element } from './elements.js';
import { markOf } from './marks.js';
import { addLoginStyle } from './style.js';
import { type TokenFormOptions, tokenForm } from './tokenform.js';

/** A way that needs nothing typed in. */
export interface Way {
  label: string;
  /** Undefined where it leaves the page. */
  start(): Promise<Credentials | undefined>;
}

export interface HostFormOptions extends TokenFormOptions, AttemptOptions {
  /** The main one first; a token serves everywhere. */
  ways: Way[];
  /** Goes on where a way had left the page, and comes back to it now. */
  resume?: (() => Promise<Credentials | undefined>) | undefined;
}

export function drawHostForm(place: HTMLElement, options: HostFormOptions): void {
  addLoginStyle();
  const { ways, texts, resume, host } = options;
  const [main, ...others] = ways;
  const box = element('div', 'mooring-login');
  const attempt = attempts(place, box, options);
  const token = tokenForm(options, attempt, main ? 'outlined' : 'contained');
  if (main) {
    const more = others.map((way) => wayButton(way, 'outlined', options, attempt));
    const first = wayButton(main, 'contained', options, attempt, markOf(host.name));
    box.append(first, disclosure(texts.otherWays));
    box.lastElementChild?.append(...more, token);
  } else box.append(token);
  const starter = box.querySelector<HTMLButtonElement>('button') as HTMLButtonElement;
  starter.dataset.testid = 'login-button';
  place.replaceChildren(box);
  if (resume) void attempt(resume, busy(starter, texts.loggingIn, []));
}

function wayButton(
  way: Way,
  look: 'contained' | 'outlined',
  { texts }: HostFormOptions,
  attempt: Attempt,
  mark?: SVGSVGElement,
): HTMLButtonElement {
  const made = button(way.label, look, 'button', mark);
  const working = busy(made, texts.loggingIn, []);
  made.addEventListener('click', () => attempt(() => way.start(), working));
  return made;
}

function disclosure(title: string): HTMLDetailsElement {
  const details = element('details', 'mooring-login-more');
  const summary = element('summary', '');
  summary.textContent = title;
  details.append(summary);
  return details;
}
