// What every group needs: Chromium, a server of the built package, and a folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { args, executablePath } from '../../../scripts/browser.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

// With it the Worker tells how large the Go program's memory is: see hostsite.mjs.
const watch = `const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const instance = await instantiate(...args);
  self.wasmMemory = instance.exports.mem;
  return instance;
};
`;

const places = {
  '/dist/': join(root, 'js/dist/'),
  '/watched/': join(root, 'js/dist/'),
  '/build/': join(root, 'js/.build/'),
  '/bench/': join(root, 'js/bench/'),
  '/cms/': join(root, 'node_modules/@staticcms/app/dist/'),
};

const types = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
  css: 'text/css',
};

export async function openBench() {
  execFileSync(
    'go',
    [
      'build',
      '-trimpath',
      '-ldflags=-s -w -buildid=',
      '-o',
      'js/.build/empty.wasm',
      './js/bench/empty',
    ],
    { cwd: root, env: { ...process.env, GOOS: 'js', GOARCH: 'wasm' }, stdio: 'inherit' },
  );
  const server = createServer(serve);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const launch = (flags = []) => chromium.launch({ executablePath, args: [...args, ...flags] });
  const browser = await launch();
  const dir = mkdtempSync(join(tmpdir(), 'mooring-bench-'));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    dir,
    origin,
    /** Starts another Chromium, with flags of its own. */
    launch,
    /** Opens a page of its own, with empty caches. */
    async page({ cms = false } = {}) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${origin}/${cms ? 'cms' : 'page'}.html`);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function serve(request, response) {
  const path = normalize(decodeURIComponent(request.url.split('?')[0]));
  if (path === '/page.html' || path === '/cms.html') {
    const script = path === '/cms.html' ? '<script src="/cms/static-cms-app.js"></script>' : '';
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><title>bench</title><body>${script}`);
  }
  const place = Object.keys(places).find((prefix) => path.startsWith(prefix));
  try {
    const body = await readFile(join(places[place], path.slice(place.length)));
    const type = types[path.split('.').pop()] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type });
    if (path === '/watched/worker.js') response.write(watch);
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
