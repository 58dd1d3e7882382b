// One result, with null for what makes no sense for the job. Preflights (OPTIONS) are no
// requests here: a browser remembers their answers. Memory is in MB.
export function result(job, figures) {
  const none = {
    requests: null,
    preflights: null,
    ms: null,
    memory: null,
    builtinRequests: null,
    builtinPreflights: null,
    builtinMs: null,
    ratio: null,
    limit: null,
    ok: true,
  };
  return { job, ...none, ...figures };
}

export function table(results) {
  const columns = [
    'group',
    'job',
    'requests',
    'preflights',
    'ms',
    'memory',
    'builtinRequests',
    'builtinPreflights',
    'builtinMs',
    'ratio',
    'limit',
    'ok',
  ];
  const rows = [columns, ...results.map((r) => columns.map((c) => cell(r[c])))];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cell(value) {
  if (value === null) return '-';
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : String(value);
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
