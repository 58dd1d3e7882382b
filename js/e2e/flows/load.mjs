// What can go wrong before the first call: the wasm, and what the CMS stored.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const WASM = '/mooring/test-repo.wasm';
const wasm = () => readFileSync(new URL('../../dist/test-repo.wasm', import.meta.url));

const answer = (status, type, body) => (_request, response) => {
  response.writeHead(status, { 'Content-Type': type });
  response.end(typeof body === 'function' ? body() : body);
};

// Announces the whole file and hangs up after half of it.
function cutOff(_request, response) {
  const bytes = wasm();
  response.writeHead(200, { 'Content-Type': 'application/wasm', 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}

const withWasm = (handler) => ({ host: 'test-repo', overrides: new Map([[WASM, handler]]) });

const saysWhy =
  (pattern) =>
  async ({ cms }) => {
    await cms.open();
    const text = await cms.loginError();
    assert.ok(text.includes('test-repo.wasm'), `"${text}" must name the file`);
    assert.match(text, pattern);
  };

// With the file in place a click must do, without a reload.
const recovers = async (world) => {
  await saysWhy(/404/)(world);
  world.overrides.clear();
  await world.cms.loginButton().click();
  await world.cms.row().first().waitFor();
};

const works = async ({ cms }) => cms.signIn();

const storedJunk =
  (junk) =>
  async ({ cms, page }) => {
    await page.addInitScript((text) => {
      if (!sessionStorage.getItem('junk')) localStorage.setItem('static-cms-user', text);
      sessionStorage.setItem('junk', 'placed');
    }, junk);
    await cms.signIn();
    await page.reload();
    await cms.row().first().waitFor();
  };

export const loadFlows = {
  'wasm missing, then there': {
    world: withWasm(answer(404, 'text/plain', 'not found')),
    body: recovers,
  },
  'a web page in place of the wasm': {
    world: withWasm(answer(200, 'text/html', '<!doctype html><title>App</title>')),
    body: saysWhy(/web page/),
  },
  'wasm of the wrong MIME type': {
    world: withWasm(answer(200, 'text/plain', wasm)),
    body: works,
  },
  'wasm without a MIME type': {
    world: withWasm((_request, response) => response.end(wasm())),
    body: works,
  },
  'wasm cut in half': {
    world: withWasm(answer(200, 'application/wasm', () => wasm().subarray(0, 200_000))),
    body: saysWhy(/damaged|half/),
  },
  'wasm cut off on its way': { world: withWasm(cutOff), body: saysWhy(/damaged|half|no answer/) },
  'worker script missing': {
    world: {
      host: 'test-repo',
      overrides: new Map([['/mooring/worker.js', answer(404, 'text/plain', 'not found')]]),
    },
    body: works,
  },
  'corrupt JSON as the stored user': {
    world: { host: 'test-repo' },
    body: storedJunk('{"backendName": "te'),
  },
  'corrupt JSON as the stored user of proxy': {
    world: { host: 'proxy' },
    body: storedJunk('{"backendName": "pr'),
  },
};
