// Makes the sample site as a real Git repository.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sampleFiles } from './content.mjs';

function git(dir, ...args) {
  execFileSync('git', args, { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
}

// The proxy server commits with the repository's own settings: without a name
// and with a signing key set globally it could not.
function configure(dir) {
  git(dir, 'config', 'user.name', 'Sample Site');
  git(dir, 'config', 'user.email', 'sample@example.com');
  git(dir, 'config', 'commit.gpgsign', 'false');
  git(dir, 'config', 'core.autocrlf', 'false');
}

function writeFiles(dir, files) {
  for (const [path, content] of files) {
    const target = join(dir, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/** Makes the sample repository in dir, and keeps one that is there already. */
export function makeSampleSite(dir) {
  if (existsSync(join(dir, '.git'))) return dir;
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '--quiet', '-b', 'main');
  configure(dir);
  writeFiles(dir, sampleFiles());
  git(dir, 'add', '--all');
  git(dir, 'commit', '--quiet', '-m', 'Make a sample site');
  return dir;
}
