/** Styles of our own on the CMS's page. */

const added = new Set<string>();

/** Adds a style once. A content security policy has no say in such a sheet. */
export function addStyle(css: string): void {
  if (added.has(css) || typeof document === 'undefined') return;
  added.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}

/**
 * Breaks long paths and addresses in messages. Static CMS's own let them stick out of their box,
 * and of the window, with all that follows on the same line.
 */
export const MESSAGE_STYLE = `
.CMS_SnackbarAlert_message, [data-testid=login-error], #mooring-notice, #mooring-waiting,
.mooring-login-error { overflow-wrap: anywhere; }
`;
