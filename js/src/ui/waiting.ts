/** A small notice on the page for as long as a host lets us wait. */

import type { Progress } from '../types.js';

const ID = 'mooring-waiting';

/** Shows why a host is waited for, until it goes on. */
export function showProgress(progress: Progress): void {
  if (progress.phase !== 'wait' || typeof document === 'undefined') return;
  const { host, reason, until } = progress;
  const place = document.getElementById(ID) ?? newPlace();
  for (const item of [...place.children]) {
    if (item instanceof HTMLElement && item.dataset.host === host) item.remove();
  }
  // The host may go on without a word, when the program ended meanwhile.
  const left = until - Date.now();
  if (left > 0) show(place, host, reason, left);
  if (place.children.length === 0) place.remove();
}

function show(place: HTMLElement, host: string, reason: string, left: number): void {
  const item = document.createElement('div');
  item.dataset.host = host;
  item.textContent = reason;
  item.style.cssText =
    'padding: 8px 16px; border-radius: 8px; background: #1e293b; color: #fff; font: 14px/1.5 system-ui, sans-serif; box-shadow: 0 2px 8px #0006';
  place.append(item);
  setTimeout(() => {
    item.remove();
    if (place.children.length === 0) place.remove();
  }, left);
}

/** A status is read out when there is a pause; an alert would interrupt. */
function newPlace(): HTMLElement {
  const place = document.createElement('div');
  place.id = ID;
  place.setAttribute('role', 'status');
  place.style.cssText =
    'position: fixed; right: 16px; bottom: 16px; z-index: 99999; display: grid; gap: 8px; max-width: min(28rem, calc(100vw - 32px)); pointer-events: none';
  document.body.append(place);
  return place;
}
