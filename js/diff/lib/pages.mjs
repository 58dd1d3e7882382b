// Serves the page in which a backend is driven.
import { readFileSync } from 'node:fs';
import { startSite } from '../../../scripts/demo/server.mjs';

/** Netlify's widget, with which a site of the built-in git-gateway signs people in. */
const WIDGET = '../../../node_modules/netlify-identity-widget/build/netlify-identity-widget.js';

function serve(file, type) {
  const body = readFileSync(new URL(file, import.meta.url));
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': type });
    response.end(body);
  };
}

/** A site whose /diff/ is page/index.html. */
export function startPages() {
  const scripts = ['page.mjs', 'answers.mjs', 'sequences.mjs'];
  return startSite({
    port: 0,
    config: '',
    overrides: new Map([
      ['/diff/', serve('../page/index.html', 'text/html')],
      ...scripts.map((name) => [`/diff/${name}`, serve(`../page/${name}`, 'text/javascript')]),
      ['/diff/netlify-identity-widget.js', serve(WIDGET, 'text/javascript')],
    ]),
  });
}
