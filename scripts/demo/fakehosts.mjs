// Starts the fake Git hosts as a process of their own, which ends with this one.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'js/.build/fakehosts');

// Go's own cache knows what has changed, but once for all tests is enough.
let built;
function build() {
  const args = ['build', '-o', program, './backends/fakehost/cmd/fakehosts'];
  built ??= promisify(execFile)('go', args, { cwd: root });
  return built;
}

/** The line of JSON that the program prints when it is ready. */
async function readyLine(child, log) {
  const lines = createInterface({ input: child.stdout });
  const line = once(lines, 'line').then(([text]) => JSON.parse(text));
  const end = once(child, 'exit').then(() => {
    throw new Error(`the fake Git hosts did not start:\n${log()}`);
  });
  return Promise.race([line, end]);
}

/** The certificate is self-signed, so its key is what tells that the answer is the program's own. */
function checkKey(socket, spki) {
  const { publicKey } = socket.getPeerX509Certificate();
  const der = publicKey.export({ type: 'spki', format: 'der' });
  if (createHash('sha256').update(der).digest('base64') !== spki) {
    socket.destroy(new Error('this is not the fake Git hosts’ certificate'));
  }
}

async function read(response, asked) {
  const text = Buffer.concat(await response.toArray()).toString();
  if (response.statusCode === 200) return JSON.parse(text);
  throw new Error(`${asked} answered ${response.statusCode}: ${text.trim()}`);
}

/**
 * Speaks to the control endpoint (package control). Each rejects with what is wrong with a request.
 * @typedef {{root: string, get(path: string): Promise<any>,
 *   post(path: string, body?: object): Promise<any>,
 *   delete(path: string, body?: object): Promise<any>}} Control
 * @returns {Control}
 */
function controller({ control, spki }) {
  const { request, Agent } = control.startsWith('https:') ? https : http;
  // A resumed TLS session shows no certificate.
  const agent = new Agent({ keepAlive: true, maxCachedSessions: 0 });
  const send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const sent = request(new URL(path, control), {
        method,
        agent,
        rejectUnauthorized: !spki,
        // Without its length Node sends no body with DELETE.
        headers: { 'Content-Length': Buffer.byteLength(text) },
      });
      sent.on('error', reject);
      sent.on('socket', (socket) => {
        if (spki && socket.connecting) socket.once('secureConnect', () => checkKey(socket, spki));
      });
      sent.on('response', (response) => read(response, `${method} ${path}`).then(resolve, reject));
      sent.end(text);
    });
  return {
    root: control,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    delete: (path, body) => send('DELETE', path, body),
  };
}

/**
 * @param {string[]} flags of the program: see backends/fakehost/cmd/fakehosts
 * @returns what it prints when it is ready, with control a Control, and stop()
 */
export async function startFakeHosts(flags = []) {
  await build();
  const child = spawn(program, ['--stdin', ...flags], { cwd: root });
  let log = '';
  child.stderr.on('data', (data) => {
    log = (log + data).slice(-4000);
  });
  const ready = await readyLine(child, () => log);
  const exited = once(child, 'exit');
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return { ...ready, child, control: controller(ready), log: () => log, stop };
}
