/** A defect in Go costs one call, or at worst one program; never the page. */

import { type Backend, createBackend } from '../dist/index.js';
import { assert, assertEqual, rejection } from './assert.js';

const options = { wasmURL: '/faults/faulty.wasm' };

for (const thread of ['worker', 'page'] as const) {
  describe(`a defect, thread: ${thread}`, () => {
    let backend: Backend;

    beforeEach(() => {
      backend = createBackend('faulty', { backend: {} }, { ...options, thread });
    });

    afterEach(() => backend.dispose());

    it('that panics rejects one call', async () => {
      const hanging = backend.getEntry('hang');
      const error = await rejection(backend.getEntry('panic'));
      assertEqual([error.name, error.kind], ['API_ERROR', 'Internal']);
      assert(error.message.includes('on demand'), error.message);
      assertEqual((await backend.getEntry('fine')).data, 'fine');
      const state = await Promise.race([
        hanging.catch(() => 'rejected'),
        Promise.resolve('pending'),
      ]);
      assertEqual(state, 'pending');
      hanging.catch(() => undefined);
    });

    for (const end of ['exit', 'crash']) {
      it(`that ends the program (${end}) rejects what is pending; the next call works`, async () => {
        await backend.restoreUser({ login: 'a', name: 'A', token: 't' });
        const hanging = rejection(backend.getEntry('hang'));
        const error = await rejection(backend.getEntry(end));
        assertEqual([error.kind, (await hanging).kind], ['Internal', 'Internal']);
        assertEqual((await backend.getEntry('fine')).data, 'fine');
        assertEqual(await backend.getToken(), 't');
      });
    }
  });
}

describe('a test repository whose program ended', () => {
  it('keeps what was saved', async () => {
    globalThis.repoFiles = { a: { 'x.md': { content: 'first' } } };
    const backend = createBackend('test-repo', { backend: {} }, { ...options, thread: 'page' });
    await backend.persistEntry(
      { dataFiles: [{ path: 'a/x.md', slug: 'x', raw: 'second' }], assets: [] },
      { commitMessage: 'save' },
    );
    backend.dispose();
    const next = createBackend('test-repo', { backend: {} }, { ...options, thread: 'page' });
    assertEqual((await next.getEntry('a/x.md')).data, 'second');
    next.dispose();
  });
});
