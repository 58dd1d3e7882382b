/** A notice on the page for errors that the CMS has no place for. */

import type { BackendError } from '../errors.js';

const ID = 'mooring-notice';

/** Shows the error until it is closed; the same one is shown once. */
export function showNotice(error: BackendError): void {
  console.error(`[mooring] ${error.message}`);
  if (typeof document === 'undefined') return;
  const list = document.getElementById(ID) ?? newList();
  const shown = [...list.children].some((item) => item.firstChild?.textContent === error.message);
  if (!shown) list.append(newItem(error.message));
}

function newList(): HTMLElement {
  const list = document.createElement('div');
  list.id = ID;
  list.setAttribute('role', 'alert');
  list.style.cssText =
    'position: fixed; left: 16px; bottom: 16px; z-index: 100000; display: grid; gap: 8px; max-width: min(32rem, calc(100vw - 32px))';
  document.body.append(list);
  return list;
}

function newItem(message: string): HTMLElement {
  const item = document.createElement('div');
  item.style.cssText =
    'display: flex; gap: 16px; align-items: start; padding: 12px 16px; border-radius: 8px; background: #b3261e; color: #fff; font: 14px/1.5 system-ui, sans-serif; box-shadow: 0 2px 8px #0006';
  const text = document.createElement('span');
  text.textContent = message;
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = '×';
  close.setAttribute('aria-label', 'Close');
  close.style.cssText =
    'border: 0; background: none; color: inherit; font: inherit; font-size: 20px; line-height: 1; cursor: pointer';
  close.addEventListener('click', () => item.remove());
  item.append(text, close);
  return item;
}
