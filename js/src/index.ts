/** Mooring: Git backends for Static CMS and Decap CMS, in Go. */

import { Backend } from './backend.js';
import { Runtime } from './runtime.js';
import type { CmsConfig, Options } from './types.js';
import { checkConfig, checkOptions } from './validate.js';

export { Backend } from './backend.js';
export { BackendError, type ErrorKind } from './errors.js';
export { registerBackends } from './register.js';
export type * from './types.js';

/** Opens a backend without a CMS, in a browser or in Node. `dispose()` frees it. */
export function createBackend(name: string, config: CmsConfig, options: Options = {}): Backend {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`createBackend: name must be the name of a backend, not ${typeof name}.`);
  }
  checkConfig('createBackend', config);
  checkOptions('createBackend', options);
  return new Backend(name, config, new Runtime(options));
}
