import type { CmsConfig, Options, RegisterOptions } from './types.js';

type Check = [test: (value: unknown) => boolean, want: string];

const isFunction: Check = [(v) => typeof v === 'function', 'a function'];
const isObject: Check = [(v) => typeof v === 'object' && v !== null, 'an object'];

const optionChecks: Record<keyof Options, Check> = {
  wasmURL: [(v) => typeof v === 'string' || v instanceof URL, 'a string or a URL'],
  wasmBytes: [
    (v) => v instanceof ArrayBuffer || v instanceof Uint8Array,
    'an ArrayBuffer or a Uint8Array',
  ],
  fetch: isFunction,
  store: [
    (v) =>
      typeof v === 'object' &&
      v !== null &&
      ['get', 'put', 'clear'].every((m) => typeof Reflect.get(v, m) === 'function'),
    'an object with get, put and clear',
  ],
  storeBytes: [
    (v) => typeof v === 'number' && Number.isFinite(v) && v >= 0,
    'a number of bytes, 0 or more',
  ],
  onProgress: isFunction,
  onError: isFunction,
  thread: [(v) => v === 'worker' || v === 'page' || v === 'auto', "'worker', 'page' or 'auto'"],
};

const registerChecks: Record<keyof RegisterOptions, Check> = {
  ...optionChecks,
  names: [
    (v) =>
      typeof v === 'object' &&
      v !== null &&
      Object.values(v).every((name) => typeof name === 'string' && name !== ''),
    'an object of backend names',
  ],
  core: isObject,
  session: [(v) => v === 'local' || v === 'tab' || v === 'memory', "'local', 'tab' or 'memory'"],
  texts: [
    (v) =>
      typeof v === 'object' &&
      v !== null &&
      Object.values(v).every((text) => text === undefined || typeof text === 'string'),
    'an object of texts',
  ],
};

/** Checks the options of `createBackend`; a TypeError names what is wrong. */
export function checkOptions(where: string, options: unknown): asserts options is Options {
  checkAll(where, options, optionChecks);
}

/** Checks the options of `registerBackends`. */
export function checkRegisterOptions(
  where: string,
  options: unknown,
): asserts options is RegisterOptions {
  checkAll(where, options, registerChecks);
}

function checkAll(where: string, options: unknown, checks: Record<string, Check>): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where}: options must be an object, not ${typeName(options)}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) {
      const known = Object.keys(checks).join(', ');
      throw new TypeError(`${where}: there is no option '${name}'. The options are ${known}.`);
    }
    if (value !== undefined && !check[0](value)) {
      throw new TypeError(
        `${where}: option '${name}' must be ${check[1]}, not ${typeName(value)}.`,
      );
    }
  }
  checkThread(where, options);
}

function checkThread(where: string, { thread, fetch, store }: Options): void {
  if (thread === 'worker' && (fetch || store)) {
    const name = fetch ? 'fetch' : 'store';
    throw new TypeError(
      `${where}: option '${name}' needs thread 'page' or 'auto': functions can't go to a Worker.`,
    );
  }
}

/** Checks a CMS configuration as far as every backend reads it. */
export function checkConfig(where: string, config: unknown): asserts config is CmsConfig {
  if (typeof config !== 'object' || config === null) {
    throw new TypeError(`${where}: config must be an object, not ${typeName(config)}.`);
  }
  const backend = Reflect.get(config, 'backend');
  if (typeof backend !== 'object' || backend === null) {
    throw new TypeError(`${where}: config.backend must be an object, not ${typeName(backend)}.`);
  }
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
