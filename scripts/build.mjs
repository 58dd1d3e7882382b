// Builds js/dist: a wasm module for each backend, the toolchain's own wasm_exec.js, the bundled shim
// and worker, their type declarations, and build-info.json that ties them
// together by hash.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { stripLines } from './striplines.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'js/dist');
// The directories' names are those of the backends, and of the files.
const modules = readdirSync(join(root, 'wasm/modules'));
const wasmFile = (name) => join(dist, `${name}.wasm`);

function run(command, args, env = {}) {
  return execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

function buildWasm() {
  run(
    'go',
    [
      'build',
      '-trimpath',
      '-ldflags=-s -w -buildid=',
      // Our own code waits for the network; inlining it costs bytes and gains nothing.
      '-gcflags=mooring/...=-l',
      '-o',
      `${dist}/`,
      './wasm/modules/...',
    ],
    { GOOS: 'js', GOARCH: 'wasm' },
  );
  for (const name of modules) {
    renameSync(join(dist, name), wasmFile(name));
    const wasm = readFileSync(wasmFile(name));
    stripLines(wasm);
    writeFileSync(wasmFile(name), wasm);
  }
}

// wasm_exec.js speaks to one Go version only: it must come from the toolchain
// that compiled the wasm.
function copyWasmExec() {
  copyFileSync(
    join(run('go', ['env', 'GOROOT']), 'lib/wasm/wasm_exec.js'),
    join(dist, 'wasm_exec.js'),
  );
}

async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: ['js/src/index.ts', 'js/src/worker.ts'],
    outdir: 'js/dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: false,
    loader: { '.svg': 'text' },
    external: ['./wasm_exec.js', 'node:*'],
    logLevel: 'warning',
  });
}

function emitTypes() {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
}

function writeBuildInfo() {
  const describe = (name) => {
    const wasm = readFileSync(wasmFile(name));
    const sha256 = createHash('sha256').update(wasm).digest('hex');
    return [name, { file: basename(wasmFile(name)), bytes: wasm.length, sha256 }];
  };
  const info = {
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    goVersion: run('go', ['env', 'GOVERSION']),
    wasm: Object.fromEntries(modules.map(describe)),
  };
  writeFileSync(join(dist, 'build-info.json'), `${JSON.stringify(info, null, 2)}\n`);
}

mkdirSync(dist, { recursive: true });
// It is also make's mark of a finished build: a failed one must not leave it.
rmSync(join(dist, 'build-info.json'), { force: true });
try {
  buildWasm();
  copyWasmExec();
  await bundle();
  emitTypes();
  writeBuildInfo();
} catch (error) {
  // The compilers have printed their own complaints already.
  console.error(`build failed: ${error.message}`);
  process.exitCode = 1;
}
