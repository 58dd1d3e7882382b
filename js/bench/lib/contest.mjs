// Ours beside the built-in backend: runs in turn, their medians, and the limits on them.
import { median, result } from './table.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 5);

/**
 * Lets each contender run once a round, so that a slow minute of the machine is everybody's.
 * @param {string[]} contenders
 * @param {(who: string, round: number) => Promise<object>} run answers figures by name
 * @returns the figures of each contender, by contender
 */
export async function inTurn(contenders, run) {
  const runs = Object.fromEntries(contenders.map((who) => [who, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const who of contenders) runs[who].push(await run(who, round));
  }
  return runs;
}

/**
 * One line of the table.
 * @param {{ms: number, requests: number, preflights: number, memory: number}[]} ours a run each
 * @param {{ms: number, requests: number, preflights: number}[]} builtin as ours; none: it did not run
 * @param {{requests?: number, ratio?: number, memory?: number}} limits at most; memory in MB
 */
export function row(job, ours, builtin = [], limits = {}) {
  const ms = middle(ours, 'ms');
  const figures = { ms, requests: most(ours, 'requests'), memory: most(ours, 'memory') / 1e6 };
  if (builtin.length > 0) {
    figures.builtinRequests = most(builtin, 'requests');
    figures.builtinPreflights = most(builtin, 'preflights');
    figures.builtinMs = middle(builtin, 'ms');
    figures.ratio = ms / figures.builtinMs;
  }
  return result(job, {
    ...figures,
    preflights: most(ours, 'preflights'),
    limit: written(limits),
    ok: Object.keys(limits).every((name) => figures[name] <= limits[name]),
  });
}

const most = (runs, name) => Math.max(...runs.map((run) => run[name]));
const middle = (runs, name) => median(runs.map((run) => run[name]));

function written({ requests, ratio, memory }) {
  const parts = [
    requests && `${requests} requests`,
    ratio && `ratio ${ratio}`,
    memory && `${memory} MB`,
  ];
  return parts.filter(Boolean).join(', ') || null;
}
