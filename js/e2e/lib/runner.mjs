// A small test runner: named tests that each get their own world, a few at a
// time, one line per test and a count at the end. On a failure the page's
// picture and its log are kept in js/e2e/.out.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const out = fileURLToPath(new URL('../.out', import.meta.url));
const tests = [];

/**
 * Registers a test.
 * @param {string} name
 * @param {object} world what the test's world is made of, see world.mjs
 * @param {(world: object) => Promise<void>} body
 */
export function test(name, world, body) {
  tests.push({ name, world, body });
}

function withTimeout(promise, ms) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function keepEvidence(name, world, error) {
  mkdirSync(out, { recursive: true });
  const base = join(out, name.replace(/[^a-z0-9]+/gi, '-'));
  const visits = world?.visits ?? [];
  const server = world?.proxy ?? world?.hosts;
  const parts = [error.stack];
  for (const { log } of visits) parts.push('--- console', ...log);
  if (server) parts.push('--- server', server.log());
  if (world?.hosts) parts.push('--- requests', ...(await requestLines(world.store)));
  writeFileSync(`${base}.log`, `${parts.join('\n')}\n`);
  for (const [i, { page }] of visits.entries()) {
    const path = `${base}${i === 0 ? '' : `-${i + 1}`}.png`;
    await page.screenshot({ path, timeout: 5000 }).catch(() => {});
  }
}

async function requestLines(store) {
  const requests = await store.requests().catch(() => []);
  return requests.map(
    ({ method, path, operation, status, error }) =>
      `${status} ${method} ${path} ${operation ?? ''} ${error ?? ''}`,
  );
}

async function runOne({ name, world: options, body }, openWorld) {
  const start = Date.now();
  let world;
  try {
    world = await openWorld(options);
    await withTimeout(body(world), options.timeout ?? 120_000);
    console.log(`ok     ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    console.log(`FAILED ${name}\n       ${error.message.replaceAll('\n', '\n       ')}`);
    await keepEvidence(name, world, error);
    return false;
  } finally {
    await world?.close();
  }
}

/** Runs the tests whose name contains `only`; true when all of them passed. */
export async function runTests({ openWorld, only = '', jobs = 1 }) {
  rmSync(out, { recursive: true, force: true });
  const queue = tests.filter(({ name }) => name.includes(only));
  let passed = 0;
  let failed = 0;
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (await runOne(next, openWorld)) passed++;
      else failed++;
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  if (failed > 0) console.log(`The pictures and logs of the failures are in ${out}`);
  console.log(`e2e: ${passed} passed, ${failed} failed`);
  // A filter that names nothing must not look like success.
  return failed === 0 && passed > 0;
}
