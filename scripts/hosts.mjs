// make hosts: a fake of each Git host with the sample site and some drafts, until Ctrl-C.
//
//   HOST=name         that one alone: github, gitlab, gitea, forgejo, bitbucket or git-gateway
//   PROVIDER=gitlab   what is behind git-gateway: or github, the default, or bitbucket
import { openFakeHost, whoSignsIn } from './demo/backends.mjs';
import { backendBlock } from './demo/config.mjs';
import { HOST_NAMES, hostKind } from './demo/hosts/index.mjs';
import { REPOSITORY } from './demo/samplesite.mjs';

/** Between the first ports of two hosts, each of which has a few. */
const PORTS = 10;

function tell(kind, hosts, openAuthoring) {
  const lines = {
    [kind.people ? 'gateway' : 'API']: hosts.api,
    ...(hosts.upstream && { 'host behind it': hosts.upstream }),
    ...(!hosts.api.startsWith(hosts.web) && !hosts.upstream && { 'Git LFS, raw files': hosts.web }),
    control: hosts.control.root,
    repository: REPOSITORY,
  };
  console.log(`\n${kind.label}`);
  for (const [name, value] of Object.entries(lines)) console.log(`  ${name.padEnd(20)}${value}`);
  console.log(
    `\n${backendBlock({ backend: kind.backend, settings: kind.settings(hosts, REPOSITORY) })}`,
  );
  console.log(whoSignsIn(kind, hosts, openAuthoring));
}

function chosen(name) {
  if (!name) return HOST_NAMES;
  if (HOST_NAMES.includes(name)) return [name];
  throw new Error(`HOST is ${name}: it must be ${HOST_NAMES.join(', ')} or left out.`);
}

const running = [];
const stopAll = () => Promise.all(running.map((hosts) => hosts.stop()));

try {
  for (const [i, name] of chosen(process.env.HOST).entries()) {
    const kind = hostKind(name, process.env.PROVIDER || undefined);
    const openAuthoring = name === 'github';
    const hosts = await openFakeHost(kind, {
      workflow: true,
      openAuthoring,
      port: 8082 + i * PORTS,
    });
    running.push(hosts);
    tell(kind, hosts, openAuthoring);
    hosts.child.once('exit', (code) => {
      if (code) console.error(hosts.log());
      process.exitCode ||= code ?? 0;
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAll);
  console.log('\nCtrl-C stops it, and everything is forgotten.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
  await stopAll();
}
