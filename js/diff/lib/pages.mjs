// Serves the page in which a backend is driven.
import { readFileSync } from 'node:fs';
import { startSite } from '../../../scripts/demo/server.mjs';

function serve(name, type) {
  const body = readFileSync(new URL(`../page/${name}`, import.meta.url));
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
      ['/diff/', serve('index.html', 'text/html')],
      ...scripts.map((name) => [`/diff/${name}`, serve(name, 'text/javascript')]),
    ]),
  });
}
