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

/** The backend block of a config.yml; settings are its keys besides the name. */
export function backendBlock({ backend, settings = {} }) {
  const lines = Object.entries({ name: backend, ...settings }).map(
    ([key, value]) => `  ${key}: ${JSON.stringify(value)}`,
  );
  return `backend:\n${lines.join('\n')}\n`;
}

/**
 * @param {string} yaml the site's own config
 * @param {{backend: string, settings?: Record<string, string | boolean>, workflow?: boolean}} options
 */
export function adaptConfig(yaml, options) {
  // local_backend would make the CMS look for a server at port 8081 by itself.
  const rest = ['backend', 'local_backend', 'publish_mode'].reduce(withoutBlock, yaml);
  const mode = options.workflow ? 'editorial_workflow' : 'simple';
  return `${backendBlock(options)}publish_mode: ${mode}\n${rest}`;
}
