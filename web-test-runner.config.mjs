// Unit tests of the built package, in a real Chromium.
import { readFileSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';

export default {
  files: 'js/test/**/*.test.ts',
  concurrency: 1,
  nodeResolve: true,
  plugins: [esbuildPlugin({ ts: true, target: 'es2022' }), faults()],
  testFramework: { config: { timeout: 20_000 } },
  browsers: [
    chromeLauncher({
      concurrency: 1,
      launchOptions: {
        executablePath: process.env.CHROME_PATH,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--enable-precise-memory-info',
        ],
      },
    }),
  ],
};

/** Answers under /faults/ what a badly set up server would. */
function faults() {
  const wasm = () => readFileSync('js/dist/backends.wasm');
  const answers = {
    '/faults/untyped.wasm': () => ({ body: wasm(), type: 'application/octet-stream' }),
    '/faults/truncated.wasm': () => ({ body: wasm().subarray(0, 500_000), type: 'application/wasm' }),
    '/faults/page.wasm': () => ({ body: '<!doctype html><p>Welcome', type: 'text/html' }),
    '/faults/half.json': () => ({ body: '[{"data": "x", "fi', type: 'application/json' }),
    '/faults/null.json': () => ({ body: 'null', type: 'application/json' }),
  };
  return {
    name: 'faults',
    serve(context) {
      const answer = answers[context.path]?.();
      if (answer) return { body: answer.body, type: answer.type };
      return undefined;
    },
  };
}
