// A real proxy server on a folder of 1,000 entries of 4 kB and one file of 5 MB.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anyPort } from '../../../scripts/demo/ports.mjs';
import { startProxy } from '../../../scripts/demo/proxy.mjs';

export const ENTRIES = 1000;

export async function proxySite(dir) {
  const posts = join(dir, 'posts');
  mkdirSync(posts, { recursive: true });
  for (let i = 0; i < ENTRIES; i++) {
    const name = `post-${String(i).padStart(4, '0')}`;
    writeFileSync(
      join(posts, `${name}.md`),
      `---\ntitle: ${name}\n---\n${'Some text.\n'.repeat(370)}`,
    );
  }
  writeFileSync(join(dir, 'big.md'), 'A line of the big file.\n'.repeat(218_000));
  return startProxy({ repo: dir, port: await anyPort(), mode: 'fs' });
}
