/** Starts the Go program where this code runs, in a Worker or in the page. */

import { packedStore } from './cache/packed.js';
import { loadModule, type Progress } from './loader.js';
import { type Answer, PROTOCOL_VERSION, type Request } from './protocol.js';
import type { BlobStore } from './types.js';

/** The Go runtime's class, as `wasm_exec.js` of the toolchain defines it. */
interface GoRuntime {
  env: Record<string, string>;
  /** Not documented; `wasm_exec.js` comes from the toolchain that built the module. */
  _scheduledTimeouts: Map<number, ReturnType<typeof setTimeout>>;
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** Where the program finds its host. It deletes it at once, so several may run in one page. */
const HOST_KEY = '__mooring_host';

export interface Host {
  fetch: typeof fetch;
  /** Undefined: blobs are kept in the program's memory. */
  store: BlobStore | undefined;
  send(answer: Answer): void;
  progress: Progress;
  /** The program ended, though nobody disposed of it. */
  exited(message: string): void;
}

/** A running Go program. */
export interface Program {
  post(request: Request): void;
}

export async function startProgram(wasm: string | ArrayBuffer, host: Host): Promise<Program> {
  const [module, Go] = await Promise.all([loadModule(wasm, host.progress), goClass()]);
  const go = new Go();
  // wasm memory never shrinks, so its peak is what counts: collect earlier than usual.
  go.env = { GOGC: '50' };
  const instance = await WebAssembly.instantiate(module, go.importObject);
  return new Promise((resolve, reject) => {
    let disposed = false;
    const end = (message: string) => {
      // A timer that was running would call into the ended program, and throw.
      for (const timer of go._scheduledTimeouts.values()) clearTimeout(timer);
      reject(new Error(message));
      if (!disposed) host.exited(message);
    };
    const ready = (receive: (request: Request) => void, version: number) => {
      if (version !== PROTOCOL_VERSION) {
        reject(
          new Error(
            `Mooring's script and its wasm are of different versions. Upload both anew, and reload the page.`,
          ),
        );
        return;
      }
      resolve({
        post(request) {
          disposed ||= request.op === 'dispose';
          try {
            receive(request);
          } catch (error) {
            end(`Mooring's program broke: ${String(error)}`);
          }
        },
      });
    };
    Reflect.set(globalThis, HOST_KEY, {
      fetch: host.fetch,
      store: host.store && packedStore(host.store),
      send: (
        op: Answer['op'],
        id: number,
        meta: string,
        texts: Answer['texts'],
        sizes: Answer['sizes'],
        blobs: Answer['blobs'],
      ) => host.send({ op, id, meta, texts, sizes, blobs }),
      ready,
    });
    go.run(instance).then(
      () => end("Mooring's program ended unexpectedly."),
      (error) => end(`Mooring's program broke: ${String(error)}`),
    );
  });
}

/** `wasm_exec.js` leaves its class in the global scope; the page's own `Go`, if any, is put back. */
function goClass(): Promise<new () => GoRuntime> {
  goOnce ??= importGo().catch((error) => {
    goOnce = undefined;
    throw error;
  });
  return goOnce;
}

async function importGo(): Promise<new () => GoRuntime> {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Go');
  // @ts-expect-error It comes from the Go toolchain, without types.
  await import('./wasm_exec.js');
  const Go = Reflect.get(globalThis, 'Go');
  if (before) Object.defineProperty(globalThis, 'Go', before);
  else Reflect.deleteProperty(globalThis, 'Go');
  return Go;
}

// A module is evaluated once, so its class is there only after the first import.
let goOnce: Promise<new () => GoRuntime> | undefined;
