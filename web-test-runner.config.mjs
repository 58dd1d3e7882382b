// Unit tests of the built package, in a real Chromium.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { args, executablePath } from './scripts/browser.mjs';

// The module with a backend that fails on demand.
execFileSync('go', ['build', '-o', 'js/.build/faulty.wasm', './wasm/faulty'], {
  env: { ...process.env, GOOS: 'js', GOARCH: 'wasm' },
  stdio: 'inherit',
});

export default {
  files: 'js/test/**/*.test.ts',
  concurrency: 1,
  nodeResolve: true,
  plugins: [esbuildPlugin({ ts: true, target: 'es2022' }), faults()],
  testFramework: { config: { timeout: 20_000 } },
  browsers: [
    chromeLauncher({
      concurrency: 1,
      launchOptions: { executablePath, args },
    }),
  ],
};

/** Answers under /faults/ what a badly set up server would. */
function faults() {
  const wasm = () => readFileSync('js/dist/test-repo.wasm');
  const answers = {
    '/faults/faulty.wasm': () => ({
      body: readFileSync('js/.build/faulty.wasm'),
      type: 'application/wasm',
    }),
    '/faults/untyped.wasm': () => ({ body: wasm(), type: 'application/octet-stream' }),
    '/faults/truncated.wasm': () => ({
      body: wasm().subarray(0, 500_000),
      type: 'application/wasm',
    }),
    '/faults/page.wasm': () => ({ body: '<!doctype html><p>Welcome', type: 'text/html' }),
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
