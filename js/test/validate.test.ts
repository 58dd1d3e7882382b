import { createBackend, registerBackends } from '../dist/index.js';
import { assert, assertEqual } from './assert.js';

const config = { backend: { name: 'test-repo' }, media_folder: 'media' };

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert(error instanceof TypeError, `a TypeError, not ${error}`);
    return error.message;
  }
  throw new Error('nothing was thrown');
}

describe('options', () => {
  const wrong: [options: unknown, want: string][] = [
    [null, 'options must be an object, not null'],
    [{ wasmUrl: 'x' }, "there is no option 'wasmUrl'"],
    [{ toString: 'x' }, "there is no option 'toString'"],
    [{ wasmURL: 5 }, "option 'wasmURL' must be a string or a URL, not number"],
    [{ wasmBytes: 'x' }, "option 'wasmBytes' must be an ArrayBuffer or a Uint8Array, not string"],
    [{ fetch: {} }, "option 'fetch' must be a function, not object"],
    [{ store: { get() {} } }, "option 'store' must be an object with get, put and clear"],
    [{ storeBytes: -1 }, "option 'storeBytes' must be a number of bytes"],
    [{ onProgress: 1 }, "option 'onProgress' must be a function"],
    [{ onError: [] }, "option 'onError' must be a function, not array"],
    [{ thread: 'main' }, "option 'thread' must be 'worker', 'page' or 'auto'"],
    [{ thread: 'worker', fetch }, "option 'fetch' needs thread 'page' or 'auto'"],
  ];
  for (const [options, want] of wrong) {
    it(`refuses: ${want}`, () => {
      const message = messageOf(() => createBackend('test-repo', config, options as object));
      assert(message.startsWith('createBackend: ') && message.includes(want), message);
    });
  }

  it('refuses a configuration without a backend', () => {
    const message = messageOf(() => createBackend('test-repo', {} as never));
    assertEqual(message, 'createBackend: config.backend must be an object, not undefined.');
  });

  it('refuses what is no CMS', () => {
    const message = messageOf(() => registerBackends({} as never));
    assert(message.includes('the first argument must be the CMS'), message);
  });

  it('refuses names of backends that there are not', () => {
    const CMS = { registerBackend() {} };
    const message = messageOf(() => registerBackends(CMS, { names: { gitlub: 'x' } }));
    assert(message.includes("option 'names' has 'gitlub'"), message);
  });
});
