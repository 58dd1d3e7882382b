// A page that allows as little as it can. Static CMS itself needs inline styles, so a page
// without it stands in: what is tested is that nothing of ours breaks such a policy.
import assert from 'node:assert/strict';

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "worker-src 'self'",
  "connect-src 'self' http://127.0.0.1:*",
  "require-trusted-types-for 'script'",
  'trusted-types mooring',
];

const PAGE = `<!doctype html><title>Strict</title>
<script type="module" src="/strict.js"></script>`;

const SCRIPT = `
import { registerBackends } from '/mooring/index.js';
window.broken = [];
document.addEventListener('securitypolicyviolation', (e) => {
  window.broken.push(e.violatedDirective + ' ' + e.blockedURI);
});
const classes = {};
registerBackends({ registerBackend: (name, Class) => { classes[name] = Class; } });
window.h = (type, props) => ({ type, props });
window.open_ = (name, backend) => new classes[name]({ backend: { name, ...backend } });
`;

const answer = (type, body, policy) => (_request, response) => {
  response.writeHead(200, {
    'Content-Type': type,
    ...(policy && { 'Content-Security-Policy': policy.join('; ') }),
  });
  response.end(body);
};

const strict = (policy) => ({
  host: 'github',
  overrides: new Map([
    ['/strict', answer('text/html', PAGE, policy)],
    ['/strict.js', answer('text/javascript', SCRIPT)],
  ]),
});

/** Draws a sign-in page, and lists a folder of the host. */
function work({ settings, token }) {
  const backend = window.open_('github', settings);
  const { props } = backend.authComponent()({ onLogin: () => undefined });
  const place = document.body.appendChild(document.createElement('section'));
  props.ref(place);
  const drawn = place.querySelectorAll('input[name=token]').length;
  return backend
    .authenticate({ token })
    .then(() => backend.allEntriesByFolder('content/posts', 'md', 1))
    .then((entries) => ({ drawn, entries: entries.length, broken: window.broken }));
}

const works =
  (broken) =>
  async ({ page, site, settings, account }) => {
    await page.goto(new URL('/strict', site.url).href);
    await page.waitForFunction(() => 'open_' in window);
    const found = await page.evaluate(work, { settings, token: account });
    assert.deepEqual([found.drawn, found.broken], [1, broken]);
    assert.ok(found.entries > 0, 'there are entries');
    assert.equal(page.workers().length, 1);
  };

export const policyFlows = {
  // Bundlers want to read where the Worker's script is, so that comes first, and is refused.
  'a strict content security policy': {
    world: strict(POLICY),
    body: works(['require-trusted-types-for trusted-types-sink']),
  },
  'a strict content security policy without trusted types': {
    world: strict(POLICY.filter((rule) => !rule.includes('trusted-types'))),
    body: works([]),
  },
};
