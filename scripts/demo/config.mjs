// Turns a site's config.yml into one for the demo: another backend, another
// publish mode, nothing else. It works on top-level blocks of text, so that
// comments and everything unknown stay as they are.

function withoutBlock(yaml, key) {
  const kept = [];
  let inBlock = false;
  for (const line of yaml.split('\n')) {
    if (/^[^\s#]/.test(line)) inBlock = line.startsWith(`${key}:`);
    if (!inBlock) kept.push(line);
  }
  return kept.join('\n');
}

function backendBlock({ backend, proxyURL, login = true }) {
  const lines = ['backend:', `  name: ${backend}`];
  if (backend !== 'test-repo') lines.push(`  proxy_url: ${proxyURL}`);
  if (!login) lines.push('  login: false');
  return `${lines.join('\n')}\n`;
}

/**
 * @param {string} yaml the site's own config
 * @param {{backend: string, proxyURL?: string, workflow?: boolean, login?: boolean}} options
 */
export function adaptConfig(yaml, options) {
  // local_backend would make the CMS look for a server at port 8081 by itself.
  const rest = ['backend', 'local_backend', 'publish_mode'].reduce(withoutBlock, yaml);
  const mode = options.workflow ? 'editorial_workflow' : 'simple';
  return `${backendBlock(options)}publish_mode: ${mode}\n${rest}`;
}

/** One top-level scalar of a config, without its quotes. */
export function configValue(yaml, key) {
  const line = yaml.split('\n').find((text) => text.startsWith(`${key}:`));
  return line
    ?.slice(key.length + 1)
    .replace(/\s#.*$/, '')
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2');
}
