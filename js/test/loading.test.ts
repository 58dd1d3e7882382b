/** What goes wrong with the wasm is said in words, and tried again with the next call. */

import { createBackend, type Progress } from '../dist/index.js';
import { assert, assertEqual, rejection } from './assert.js';

const config = { backend: { name: 'test-repo' } };

for (const thread of ['worker', 'page'] as const) {
  describe(`loading, thread: ${thread}`, () => {
    const faults: [url: string, want: string][] = [
      ['/faults/missing.wasm', 'the server answered 404'],
      ['/faults/page.wasm', 'the server answered with a web page'],
      ['/faults/truncated.wasm', 'it is damaged or only half there'],
    ];
    for (const [url, want] of faults) {
      it(`says: ${want}`, async () => {
        const backend = createBackend('test-repo', config, { thread, wasmURL: url });
        const error = await rejection(backend.status());
        assert(error.message.includes(want) && error.message.includes(url), error.message);
        backend.dispose();
      });
    }

    it('works with a wrong MIME type, and counts bytes', async () => {
      let loaded = 0;
      const onProgress = (progress: Progress) => {
        if (progress.phase === 'load') loaded = progress.loaded;
      };
      const backend = createBackend('test-repo', config, {
        thread,
        wasmURL: '/faults/untyped.wasm',
        onProgress,
      });
      assertEqual((await backend.status()).api.status, true);
      assert(loaded > 500_000, `progress, not ${loaded}`);
      backend.dispose();
    });

    it('takes bytes, and leaves them to their owner', async () => {
      const wasmBytes = await (await fetch('/js/dist/test-repo.wasm')).arrayBuffer();
      const backend = createBackend('test-repo', config, { thread, wasmBytes });
      assertEqual((await backend.status()).api.status, true);
      assert(wasmBytes.byteLength > 0, 'the bytes to be there still');
      backend.dispose();
    });
  });
}
