// Starts one of the two proxy servers that exist on a repository.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SERVERS = {
  staticcms: '@staticcms/proxy-server/dist/index.js',
  decap: 'decap-server/dist/index.js',
};

const program = (server) =>
  fileURLToPath(new URL(`../../node_modules/${SERVERS[server]}`, import.meta.url));

async function answers(url) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ action: 'info' }),
    });
    return response.ok;
  } catch {
    return false;
  }
}

async function untilReady(child, url, output) {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    if (await answers(url)) return;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the proxy server did not start:\n${output()}`);
}

/**
 * @param {{repo: string, port: number, server?: 'staticcms' | 'decap', mode?: 'git' | 'fs'}} options
 * @returns {Promise<{url: string, child: import('node:child_process').ChildProcess, stop: () => Promise<void>}>}
 */
export async function startProxy({ repo, port, server = 'staticcms', mode = 'git' }) {
  const child = spawn(process.execPath, [program(server)], {
    cwd: repo,
    env: {
      ...process.env,
      PORT: String(port),
      MODE: mode,
      GIT_REPO_DIRECTORY: repo,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const keep = (data) => {
    log = (log + data).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  const url = `http://localhost:${port}/api/v1`;
  await untilReady(child, url, () => log);

  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await exited;
    }
  };
  return { url, child, stop, log: () => log };
}
