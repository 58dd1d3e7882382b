// Free ports on this machine.
import { createServer } from 'node:net';

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    // All interfaces, as the proxy server does it: a port that is free on
    // 127.0.0.1 alone would still be taken for that server.
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

/** The wanted port or the next free one; says so when it is another. */
export async function freePort(wanted, what, say = console.log) {
  for (let port = wanted; port < wanted + 100; port++) {
    if (await isFree(port)) {
      if (port !== wanted) say(`Port ${wanted} is taken: the ${what} uses ${port} instead.`);
      return port;
    }
  }
  throw new Error(`ports ${wanted} to ${wanted + 99} are all taken: stop a program that uses one`);
}

/** Any free port. */
export function anyPort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
