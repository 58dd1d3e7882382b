/** Gets the wasm module, and says in words what is wrong with it. */

export type Progress = (loaded: number, total: number) => void;

const ADVICE = 'Put the file beside the script, or name its place with the option wasmURL.';

/** Compiles the module from its bytes or its URL. */
export async function loadModule(
  wasm: string | ArrayBuffer,
  progress: Progress,
): Promise<WebAssembly.Module> {
  if (typeof wasm !== 'string') return compile(wasm, 'the bytes given as wasmBytes');
  if (wasm.startsWith('file:')) return compile(await readFile(wasm), wasm);
  const response = await get(wasm);
  if (isWasm(response) && typeof WebAssembly.compileStreaming === 'function') {
    try {
      return await WebAssembly.compileStreaming(watch(response, progress));
    } catch (error) {
      throw damaged(wasm, error);
    }
  }
  return compile(await body(watch(response, progress), wasm), wasm);
}

async function get(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch {
    throw new Error(
      `Mooring could not load ${url}: no answer. Check the connection and reload the page.`,
    );
  }
  if (!response.ok) {
    throw new Error(
      `Mooring could not load ${url}: the server answered ${response.status}. ${ADVICE}`,
    );
  }
  if (/^text\/html/.test(response.headers.get('content-type') ?? '')) {
    throw new Error(
      `Mooring could not load ${url}: the server answered with a web page. ${ADVICE}`,
    );
  }
  return response;
}

function isWasm(response: Response): boolean {
  return /^application\/wasm\b/.test(response.headers.get('content-type') ?? '');
}

async function body(response: Response, url: string): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (error) {
    throw damaged(url, error);
  }
}

/** Without the right MIME type there is no streaming, but the module works all the same. */
async function compile(bytes: ArrayBuffer, from: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw damaged(from, error);
  }
}

function damaged(from: string, cause: unknown): Error {
  return new Error(
    `Mooring could not load ${from}: it is damaged or only half there. Upload it again, then reload the page.`,
    {
      cause,
    },
  );
}

/** Counts bytes on their way through. */
function watch(response: Response, progress: Progress): Response {
  if (!response.body) return response;
  const total = Number(response.headers.get('content-length') ?? 0);
  let loaded = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      progress(loaded, total);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), {
    headers: { 'content-type': 'application/wasm' },
  });
}

/** Node's fetch reads no files. */
async function readFile(url: string): Promise<ArrayBuffer> {
  const fs = await import(/* @vite-ignore */ /* webpackIgnore: true */ 'node:fs/promises');
  const bytes = await fs.readFile(new URL(url));
  return new Uint8Array(bytes).buffer;
}
