// make hosts: the fake GitHub with the sample site and some drafts, until Ctrl-C.
import { openFakeGitHub, whoSignsIn } from './demo/backends.mjs';
import { backendBlock } from './demo/config.mjs';
import { githubConfig, REPOSITORY } from './demo/github.mjs';

function tell(hosts) {
  const lines = {
    'GitHub API': hosts.github,
    'Git LFS, raw files': hosts.web,
    control: new URL('/_fake/', hosts.github).href,
    repository: REPOSITORY,
  };
  for (const [name, value] of Object.entries(lines)) console.log(`  ${name.padEnd(20)}${value}`);
  console.log(`\n${backendBlock({ backend: 'github', settings: githubConfig(hosts) })}`);
  console.log(`${whoSignsIn(hosts, true)}\nCtrl-C stops it, and everything is forgotten.`);
}

try {
  const hosts = await openFakeGitHub({ workflow: true, openAuthoring: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => hosts.stop());
  tell(hosts);
  hosts.child.once('exit', (code) => {
    if (code) console.error(hosts.log());
    process.exitCode = code ?? 0;
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
