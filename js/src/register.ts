/** Registers the backends with a CMS. */

import type { Initializer } from './backend.js';
import { CmsBackend } from './cmsbackend.js';
import { adaptError, type Core, findCore } from './core.js';
import { fromWire } from './errors.js';
import { Runtime } from './runtime.js';
import type { CmsConfig, RegisterOptions } from './types.js';
import { showNotice } from './ui/notice.js';
import { addStyle, MESSAGE_STYLE } from './ui/style.js';
import { showProgress } from './ui/waiting.js';
import { checkConfig, checkRegisterOptions } from './validate.js';

/** The backends of this build, by the names that Static CMS gives them. */
export const NAMES = [
  'test-repo',
  'proxy',
  'github',
  'gitlab',
  'gitea',
  'bitbucket',
  'git-gateway',
];

/** The part of the CMS's global that is needed here. */
export interface Cms {
  registerBackend(name: string, backend: unknown): void;
  getBackend?(name: string): unknown;
}

/**
 * Registers all backends of this build. Call it before `CMS.init()`: the first
 * registration of a name wins, so the built-in backends give way.
 */
export function registerBackends(CMS: Cms, options: RegisterOptions = {}): void {
  if (typeof CMS?.registerBackend !== 'function') {
    throw new TypeError(
      'registerBackends: the first argument must be the CMS (it has no registerBackend).',
    );
  }
  checkRegisterOptions('registerBackends', options);
  const { names = {}, texts, session, core: _, ...rest } = options;
  const core = findCore(CMS, options.core);
  const toError = (wire: unknown) => adaptError(fromWire(wire), core());
  dropBrokenSession();
  addStyle(MESSAGE_STYLE);
  for (const name of NAMES) {
    let runtime: Runtime | undefined;
    const shared = () => {
      runtime ??= new Runtime({ onError: showNotice, onProgress: showProgress, ...rest }, toError);
      return runtime;
    };
    CMS.registerBackend(names[name] ?? name, backendClass(name, shared, core, { texts, session }));
  }
  for (const name of Object.keys(names)) {
    if (!NAMES.includes(name)) {
      throw new TypeError(
        `registerBackends: option 'names' has '${name}', which is none of ${NAMES.join(', ')}.`,
      );
    }
  }
}

/**
 * The CMS constructs the class synchronously, with its own arguments. That is when the
 * program starts: only then it is known which one.
 */
function backendClass(
  name: string,
  runtime: () => Runtime,
  core: () => Core,
  signIn: Pick<RegisterOptions, 'texts' | 'session'>,
) {
  return class extends CmsBackend {
    constructor(config: CmsConfig, init?: Initializer) {
      checkConfig(name, config);
      super(name, config, runtime(), init, core, signIn);
    }
  };
}

/**
 * A stored session that is no JSON makes Static CMS show a "Config Errors" page that
 * survives every reload. Nothing can be restored from it, so it goes.
 */
function dropBrokenSession(): void {
  try {
    const stored = localStorage.getItem('static-cms-user');
    if (stored !== null) JSON.parse(stored);
  } catch (error) {
    if (error instanceof SyntaxError) localStorage.removeItem('static-cms-user');
  }
}
