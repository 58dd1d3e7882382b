// The one Chromium that every test and benchmark starts, in the same way.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('chromium.sh', import.meta.url));

/** $CHROME_PATH, or what chromium.sh finds or installs. */
export const executablePath =
  process.env.CHROME_PATH || execFileSync('sh', [script], { encoding: 'utf8' }).trim();

/** Works as root and without a network. */
export const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
