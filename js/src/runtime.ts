/** The page's end of the boundary: one Go program, shared by backends, anew when it dies. */

import { openStore } from './cache/store.js';
import { BackendError, fromWire, toBackendError } from './errors.js';
import type { Token } from './gateway/identity.js';
import { parcels } from './parcels.js';
import { type Host, type Program, startProgram } from './program.js';
import {
  type Answer,
  type Request,
  type Result,
  type StartMessage,
  unpack,
  type WorkerMessage,
} from './protocol.js';
import { type Change, writeRepoFiles } from './repofiles.js';
import { NoWorker, newWorker, wantsWorker } from './thread.js';
import type { Options, Waiting } from './types.js';

interface Pending {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** Answers with a token other than the one that the host refused, if any. */
type TokenKeeper = (refused?: string) => Promise<Token>;

/** What `wasm/jsbackend/token.go` asks. */
interface TokenQuestion {
  ask: number;
  backend: number;
  refused?: string;
}

/** A program that runs, and how to stop it. */
interface Running extends Program {
  post(request: Request, refused?: (error: unknown) => void): void;
  /** Counts the programs of a Runtime: a backend opened in an earlier one is gone. */
  generation: number;
  stop(): void;
}

export class Runtime {
  readonly #options: Options;
  readonly toError: (wire: unknown) => Error;
  readonly #pending = new Map<number, Pending>();
  /** Who keeps the session of a backend of the running program, by the backend's handle. */
  readonly #keepers = new Map<number, TokenKeeper>();
  #module: string | undefined;
  #running: Promise<Running> | undefined;
  #generation = 0;
  #lastId = 0;
  #disposed = false;

  /** `toError` makes the errors that calls reject with; a CMS may want its own classes. */
  constructor(options: Options, toError: (wire: unknown) => Error = fromWire) {
    this.#options = options;
    this.toError = toError;
  }

  /** What requests of the page itself are made with. */
  get fetch(): typeof fetch {
    return this.#options.fetch ?? fetch.bind(globalThis);
  }

  /** Says which module to run, and loads it, so that it is there when the first call comes. */
  use(module: string): void {
    if (module === this.#module) return;
    this.#module = module;
    this.#stop('Somebody else signed in.');
    // Who calls hears of a failure.
    this.start().catch(() => undefined);
  }

  /** Shows an error that no call can carry. */
  report(error: BackendError): void {
    if (this.#options.onError) this.#options.onError(error);
    else console.error(`[mooring] ${error.message}`);
  }

  /** Starts the program if it is not running; a failed start is tried again at the next call. */
  start(): Promise<Running> {
    if (this.#disposed) return Promise.reject(gone('This backend was disposed of.'));
    const module = this.#module;
    if (!module) return Promise.reject(new BackendError('Unauthenticated', 'Sign in first.'));
    if (!this.#running) {
      const running = this.#launch(module, ++this.#generation);
      this.#running = running;
      running.catch(() => {
        if (this.#running === running) this.#running = undefined;
      });
    }
    return this.#running;
  }

  /** Calls a method of the program, if it is still the one that `generation` counts. */
  async call(generation: number, method: string, args: Record<string, unknown>): Promise<Result> {
    const running = await this.start();
    if (running.generation !== generation) {
      throw new BackendError('Internal', "Mooring's program ended unexpectedly. Try again.");
    }
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      running.post({ op: 'call', id, method, args }, (error) => {
        this.#pending.delete(id);
        const what = `${method}: the arguments can't be handed over: ${String(error)}`;
        reject(new BackendError('Invalid', what));
      });
    });
  }

  /** Lets a backend of that program ask for tokens: its session is kept here, not there. */
  answerTokens(generation: number, backend: number, keeper: TokenKeeper): void {
    if (generation === this.#generation) this.#keepers.set(backend, keeper);
  }

  /** Ends the program and frees its memory. What is pending is rejected. */
  dispose(): void {
    this.#disposed = true;
    this.#stop('This backend was disposed of.');
  }

  #stop(message: string): void {
    this.#running?.then(
      (r) => r.stop(),
      () => undefined,
    );
    this.#running = undefined;
    this.#drop(message, 'Canceled');
  }

  async #launch(module: string, generation: number): Promise<Running> {
    try {
      if (!wantsWorker(this.#options)) return await this.#launchHere(module, generation);
      try {
        return await this.#launchWorker(module, generation);
      } catch (error) {
        if (this.#options.thread === 'worker' || !(error instanceof NoWorker)) throw error;
        return await this.#launchHere(module, generation);
      }
    } catch (error) {
      throw new BackendError('Internal', error instanceof Error ? error.message : String(error));
    }
  }

  async #launchHere(module: string, generation: number): Promise<Running> {
    const { store, storeBytes, wasmBytes } = this.#options;
    const host: Host = {
      fetch: this.fetch,
      store: store ?? openStore({ bytes: storeBytes }),
      send: (answer) => this.#receive(answer),
      progress: (loaded, total) => this.#progress(loaded, total),
      exited: (message) => this.#lost(generation, message),
    };
    const program = await startProgram(
      wasmBytes ? copyOf(wasmBytes) : wasmURL(module, this.#options),
      host,
    );
    return {
      generation,
      post: (request) => program.post(request),
      stop: () => program.post({ op: 'dispose' }),
    };
  }

  #launchWorker(module: string, generation: number): Promise<Running> {
    return new Promise((resolve, reject) => {
      const worker = newWorker();
      const send = parcels<Request | StartMessage>(worker);
      let ready = false;
      const fail = (error: Error) => {
        worker.terminate();
        if (ready) this.#lost(generation, error.message);
        else reject(error);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        // Without a message the script itself was refused (a content security policy, a 404).
        fail(
          event.message ? new Error(`Mooring's program broke: ${event.message}`) : new NoWorker(),
        );
      };
      const receive = (message: WorkerMessage) => {
        if (message.op === 'ready') {
          ready = true;
          resolve({
            generation,
            post: (request, refused) => send({ message: request, transfer: [], refused }),
            stop: () => worker.terminate(),
          });
        } else if (message.op === 'loading') this.#progress(message.loaded, message.total);
        else if (message.op === 'exit' || message.op === 'failed') fail(new Error(message.message));
        else this.#receive(message);
      };
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage[]>) => data.forEach(receive);
      const { wasmBytes, storeBytes } = this.#options;
      const wasm = wasmBytes ? copyOf(wasmBytes) : wasmURL(module, this.#options);
      send({ message: { op: 'start', wasm, storeBytes }, transfer: [] });
    });
  }

  #progress(loaded: number, total: number): void {
    this.#options.onProgress?.({ phase: 'load', loaded, total });
  }

  #receive(answer: Answer): void {
    if (answer.op === 'report') this.report(fromWire(JSON.parse(answer.meta)));
    else if (answer.op === 'files') {
      const { meta, blobs } = unpack(answer);
      writeRepoFiles((meta as { files: Change[] }).files, blobs as Uint8Array<ArrayBuffer>[]);
    } else if (answer.op === 'progress') {
      const wait = unpack(answer).meta as Omit<Waiting, 'phase'>;
      this.#options.onProgress?.({ phase: 'wait', ...wait });
    } else if (answer.op === 'token') {
      void this.#answerToken(unpack(answer).meta as TokenQuestion);
    } else this.#settle(answer);
  }

  async #answerToken({ ask, backend, refused }: TokenQuestion): Promise<void> {
    const running = await this.#running;
    const answer = { op: 'call', id: ++this.#lastId, method: 'answerToken' } as const;
    try {
      const { text, lives } = (await this.#keepers.get(backend)?.(refused)) ?? NOBODY;
      // Go takes whole numbers of 32 bits.
      const milliseconds = Math.floor(Math.min(lives, 2 ** 31 - 1));
      running?.post({ ...answer, args: { ask, token: text, lives: milliseconds } });
    } catch (error) {
      const { kind, message } = toBackendError(error);
      running?.post({ ...answer, args: { ask, kind, message } });
    }
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.op === 'error') pending?.reject(this.toError(JSON.parse(answer.meta)));
    else pending?.resolve(unpack(answer));
  }

  /** The program died: what waits for it is told, and the next call starts another. */
  #lost(generation: number, message: string): void {
    if (this.#disposed || generation !== this.#generation) return;
    this.#running = undefined;
    console.error(`[mooring] ${message} It starts anew with the next call.`);
    this.#drop(`${message} Try again; what you were saving may not have been saved.`, 'Internal');
  }

  #drop(message: string, kind: 'Internal' | 'Canceled'): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new BackendError(kind, message));
    this.#keepers.clear();
  }
}

const NOBODY: Token = { text: '', lives: 0 };

function wasmURL(module: string, { wasmURL: own }: Options): string {
  if (own === undefined) return new URL(`./${module}.wasm`, import.meta.url).href;
  const base = typeof document === 'undefined' ? import.meta.url : document.baseURI;
  return new URL(own, base).href;
}

/** Its own bytes, so that handing them to a Worker leaves the caller's alone. */
function copyOf(bytes: ArrayBuffer | Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).buffer;
}

function gone(message: string): BackendError {
  return new BackendError('Canceled', message);
}
