// make hosts: a fake of each Git host with the sample site and some drafts, until Ctrl-C.
//
//   HOST=name   that one alone: github, gitlab, gitea or forgejo
import { openFakeHost, whoSignsIn } from './demo/backends.mjs';
import { backendBlock } from './demo/config.mjs';
import { HOSTS } from './demo/hosts/index.mjs';
import { REPOSITORY } from './demo/samplesite.mjs';

/** Between the first ports of two hosts, each of which has a few. */
const PORTS = 10;

function tell(kind, hosts) {
  const lines = {
    API: hosts.api,
    ...(!hosts.api.startsWith(hosts.web) && { 'Git LFS, raw files': hosts.web }),
    control: hosts.control.root,
    repository: REPOSITORY,
  };
  console.log(`\n${kind.label}`);
  for (const [name, value] of Object.entries(lines)) console.log(`  ${name.padEnd(20)}${value}`);
  console.log(
    `\n${backendBlock({ backend: kind.backend, settings: kind.settings(hosts, REPOSITORY) })}`,
  );
}

function chosen(name) {
  if (!name) return Object.values(HOSTS);
  if (name in HOSTS) return [HOSTS[name]];
  throw new Error(`HOST is ${name}: it must be ${Object.keys(HOSTS).join(', ')} or left out.`);
}

const running = [];
const stopAll = () => Promise.all(running.map((hosts) => hosts.stop()));

try {
  for (const [i, kind] of chosen(process.env.HOST).entries()) {
    const openAuthoring = kind === HOSTS.github;
    const hosts = await openFakeHost(kind, {
      workflow: true,
      openAuthoring,
      port: 8082 + i * PORTS,
    });
    running.push(hosts);
    tell(kind, hosts);
    hosts.child.once('exit', (code) => {
      if (code) console.error(hosts.log());
      process.exitCode ||= code ?? 0;
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAll);
  console.log(`${whoSignsIn(running[0], true)}\nCtrl-C stops it, and everything is forgotten.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
  await stopAll();
}
