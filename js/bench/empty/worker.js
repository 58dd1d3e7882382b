// Starts the empty program as Mooring starts its own: in a module Worker, streaming.
import '/dist/wasm_exec.js';

self.ready = () => self.postMessage('ready');
const go = new self.Go();
const module = await WebAssembly.compileStreaming(fetch('/build/empty.wasm'));
go.run(await WebAssembly.instantiate(module, go.importObject));
