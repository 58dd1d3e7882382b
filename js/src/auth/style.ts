import { addStyle } from '../ui/style.js';

/**
 * How the sign-in form looks. Static CMS's own classes and colours win where they are
 * there; `:where` weighs nothing.
 */
const STYLE = `
:where(.mooring-login-page) {
  display: grid; place-content: center; justify-items: center; min-height: 100vh; gap: 16px;
}
.mooring-login { display: grid; gap: 16px; width: min(20rem, calc(100vw - 32px)); margin-bottom: 24px; }
:where(.mooring-login, .mooring-login-error) {
  font: 14px/1.5 system-ui, sans-serif; color: var(--text-primary, #1e293b);
}
:where(.mooring-login-error) { max-width: 32rem; margin: 0; color: #b3261e; }
.mooring-login-more[open] { display: grid; gap: 16px; }
.mooring-login-more > * { margin-top: 16px; }
.mooring-login-more summary { margin: 0; text-align: center; font-size: 14px; cursor: pointer; }
.mooring-login-label { display: grid; gap: 4px; font-size: 14px; font-weight: 500; }
.mooring-login-question, .mooring-login-note { margin: 0; font-size: 14px; }
.mooring-login-check { display: flex; align-items: center; gap: 8px; font-size: 14px; }
.mooring-login-link { justify-self: center; font-size: 14px; text-decoration: underline; }
:where(.mooring-login-link) { color: var(--primary-main, #1d4ed8); }
:where(.mooring-login input) {
  padding: 10px; border: 1px solid transparent; border-radius: 8px; font: inherit;
}
.mooring-login input:not(:focus) { border: 1px solid #64748b; }
.mooring-login input:focus { outline: 2px solid var(--primary-main, #1d4ed8); outline-offset: -1px; }
:where(.mooring-login-mark) { width: 20px; height: 20px; margin-right: 8px; vertical-align: text-bottom; }
:where(.mooring-login button) {
  padding: 8px 24px; border: 1px solid #1d4ed8; border-radius: 8px; font: inherit; cursor: pointer;
}
.mooring-login button.mooring-login-link { padding: 0; border: 0; background: none; }
`;

export const addLoginStyle = (): void => addStyle(STYLE);
