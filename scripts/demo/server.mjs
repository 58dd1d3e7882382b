// The static server of the demo and of the end-to-end tests: the admin page,
// the CMS, the built module, the repository's images.
import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.yml': 'text/yaml; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.pdf': 'application/pdf',
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = join(root, 'js/examples/site/admin/index.html');

function send(response, status, type, body) {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(body);
}

/** The file below dir that a URL path names; undefined when it leads outside. */
export function fileBelow(dir, path) {
  if (path.includes('\0')) return undefined;
  const file = normalize(join(dir, path));
  const hidden = path.split(/[\\/]/).some((part) => part.startsWith('.'));
  return file.startsWith(normalize(dir + sep)) && !hidden ? file : undefined;
}

async function sendFile(response, dirs, path) {
  for (const dir of dirs) {
    const file = fileBelow(dir, path);
    const info = file && (await stat(file).catch(() => undefined));
    if (!info?.isFile()) continue;
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
      'Content-Length': info.size,
      'Cache-Control': 'no-store',
    });
    createReadStream(file).pipe(response);
    return;
  }
  send(response, 404, 'text/plain; charset=utf-8', 'not found\n');
}

// What the built-in test-repo keeps in memory, in its own shape. The images
// are Files, as they would be after an upload.
function repoFilesScript(files) {
  const entries = [...files].map(([path, content]) =>
    typeof content === 'string'
      ? { path, text: content }
      : { path, base64: content.toString('base64') },
  );
  return `window.repoFiles = {};
for (const { path, text, base64 } of ${JSON.stringify(entries).replaceAll('<', '\\u003c')}) {
  const parts = path.split('/');
  const name = parts.pop();
  let folder = window.repoFiles;
  for (const part of parts) folder = folder[part] ??= {};
  const content = text ?? new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type: 'image/png' });
  folder[name] = { path, content };
}
`;
}

// The page as a site writes it. With files, test-repo is filled first; with
// ?builtin in the address (the tests' yardstick), the CMS keeps its own
// backends.
function adminPage({ files, variants, register }, query) {
  let html = readFileSync(page, 'utf8');
  if (register)
    html = html.replace(
      'registerBackends(CMS)',
      `registerBackends(CMS, ${JSON.stringify(register)})`,
    );
  if (files)
    html = html.replace('<script ', '<script src="/admin/repo-files.js"></script>\n    <script ');
  if (variants && query.has('builtin')) {
    html = html.replace(/^ *import .*\n/m, '').replace(/^ *registerBackends\(.*\n/m, '');
  }
  return html;
}

// The images of a site that is in memory only.
function fileInMemory(files, path) {
  const content = files?.get(`static${path}`);
  return content && { type: TYPES[extname(path)] ?? 'application/octet-stream', content };
}

function mounts(repo) {
  return [
    ['/cms/', [join(root, 'node_modules/@staticcms/app/dist')]],
    ['/mooring/', [join(root, 'js/dist')]],
    ['/', repo ? [join(repo, 'static'), join(repo, 'public'), repo] : []],
  ];
}

function handler(options) {
  return async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const path = decodeURIComponent(url.pathname);
    const override = options.overrides?.get(path);
    if (override) return override(request, response);
    if (path === '/' || path === '/admin') {
      response.writeHead(302, { Location: '/admin/' });
      return response.end();
    }
    if (path === '/admin/' || path === '/admin/index.html') {
      return send(response, 200, TYPES['.html'], adminPage(options, url.searchParams));
    }
    if (path === '/admin/config.yml') return send(response, 200, TYPES['.yml'], options.config);
    if (path === '/admin/repo-files.js' && options.files) {
      return send(response, 200, TYPES['.js'], repoFilesScript(options.files));
    }
    const held = fileInMemory(options.files, path);
    if (held) return send(response, 200, held.type, held.content);
    const [prefix, dirs] = mounts(options.repo).find(([start]) => path.startsWith(start));
    return sendFile(response, dirs, path.slice(prefix.length));
  };
}

/**
 * Serves /admin/ with the given config.yml.
 * @param {{port: number, config: string, repo?: string, files?: Map<string, string | Buffer>,
 *   variants?: boolean, overrides?: Map<string, Function>}} options
 *   files fill test-repo; variants allow ?builtin; overrides answer a path in place of the server
 */
export function startSite(options) {
  const handle = handler(options);
  const server = createServer((request, response) => {
    handle(request, response).catch(() => send(response, 400, 'text/plain', 'bad request\n'));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const url = `http://localhost:${server.address().port}`;
      const stop = () =>
        new Promise((done) => {
          server.close(done);
          server.closeAllConnections();
        });
      resolve({ url, admin: `${url}/admin/`, stop });
    });
  });
}
