// From registration to ready, beside an empty Go program started the same way.
import { median, result } from '../lib/table.mjs';

const ROUNDS = 7;
const LIMIT = 2.5;

export async function run(bench) {
  const ours = [];
  const empty = [];
  for (let i = 0; i < ROUNDS; i++) {
    ours.push(await timed(bench, startOurs));
    empty.push(await timed(bench, startEmpty));
  }
  const ratio = median(ours) / median(empty);
  return [
    result('start in a Worker, against an empty Go program', {
      ms: median(ours),
      builtinMs: median(empty),
      ratio,
      limit: LIMIT,
      ok: ratio <= LIMIT,
    }),
  ];
}

async function timed(bench, start) {
  const page = await bench.page();
  try {
    return await page.evaluate(start);
  } finally {
    await page.context().close();
  }
}

async function startOurs() {
  const { createBackend } = await import('/dist/index.js');
  const before = performance.now();
  const backend = createBackend('test-repo', { backend: {} }, { thread: 'worker' });
  await backend.ready();
  return performance.now() - before;
}

async function startEmpty() {
  const before = performance.now();
  await new Promise((resolve) => {
    const worker = new Worker('/bench/empty/worker.js', { type: 'module' });
    worker.onmessage = resolve;
  });
  return performance.now() - before;
}
