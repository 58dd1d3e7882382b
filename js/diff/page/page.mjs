// Drives backends of one kind in the page as the core of Static CMS does, and tells what
// they answered in plain data: what the CMS reads of it, and nothing else.
import { isDate, isJWT, SHAPES } from '/diff/answers.mjs';
import { SEQUENCES } from '/diff/sequences.mjs';
import { registerBackends } from '/mooring/index.js';

const { CMS, StaticCmsApp: App } = window;
const reported = [];
const backends = [];

/** Takes the place of the CMS's AssetProxy, which its bundle does not export. */
class Asset {
  constructor(path, bytes) {
    this.path = path;
    this.fileObj = new File([bytes], path.slice(path.lastIndexOf('/') + 1));
    this.url = URL.createObjectURL(this.fileObj);
  }

  toString() {
    return this.url;
  }

  async toBase64() {
    const reader = new FileReader();
    const read = new Promise((resolve) => {
      reader.onload = resolve;
    });
    reader.readAsDataURL(this.fileObj);
    await read;
    return reader.result.slice(reader.result.indexOf(',') + 1);
  }
}

const bytesOf = ({ text, base64 }) =>
  base64 === undefined
    ? new TextEncoder().encode(text)
    : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Arguments as the CMS has them: {asset: path, text or base64} becomes an asset. */
function revive(value) {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value.asset === 'string') return new Asset(value.asset, bytesOf(value));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revive(part)]));
}

async function content(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return `base64:${btoa(String.fromCharCode(...bytes))}`;
  }
}

/** Plain data: files and object URLs become their content; any date or JWT is as good as another. */
async function plain(value) {
  if (value instanceof Blob) return content(value);
  if (typeof value === 'string') {
    if (value.startsWith('blob:')) return content(await (await fetch(value)).blob());
    if (isDate(value)) return 'a date';
    return isJWT(value) ? 'a JWT' : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  const given = Object.entries(value).filter(([, part]) => part !== undefined);
  const parts = given.map(async ([key, part]) => [key, await plain(part)]);
  return Object.fromEntries(await Promise.all(parts));
}

function rejected(error) {
  if (error instanceof App.EditorialWorkflowError && error.notUnderEditorialWorkflow)
    return { rejected: 'not under editorial workflow' };
  return { rejected: error?.status ?? (error instanceof Error ? 'an error' : 'no error') };
}

/** What a call came to; ours may settle a call and report what went wrong. */
async function outcome(method, run) {
  reported.length = 0;
  let result;
  try {
    const shape = SHAPES[method] ?? (() => 'done');
    result = await plain(shape(await run()));
  } catch (error) {
    console.warn(`${method} was rejected:`, error?.message ?? error);
    result = rejected(error);
  }
  return reported.length > 0 ? { answered: result, reported: [...reported] } : result;
}

/** Registers the built-in backend or, if there is none given, ours, for the CMS to construct. */
window.register = async ({ name, builtin }) => {
  if (builtin === 'GitGatewayBackend') await import('/diff/netlify-identity-widget.js');
  if (builtin) CMS.registerBackend(name, App[builtin]);
  else registerBackends(CMS, { onError: (e) => reported.push(e.kind) });
};

/** Constructs a backend with the CMS's arguments; answers with its number. */
window.construct = (config) => {
  const backend = CMS.getBackend(config.backend.name).init(config, {
    useWorkflow: config.publish_mode === 'editorial_workflow',
    updateUserCredentials: () => undefined,
    initialWorkflowStatus: 'draft',
  });
  return backends.push(backend) - 1;
};

window.call = (number, method, args) =>
  outcome(method, () => {
    const backend = backends[number];
    const values = args.map(revive);
    return SEQUENCES[method]?.(backend, ...values) ?? backend[method](...values);
  });

/** Signs everybody out, and leaves nothing that the browser keeps. */
window.forget = async () => {
  await Promise.all(backends.splice(0).map((backend) => backend.logout()));
  window.netlifyIdentity?.gotrue?.currentUser()?.clearSession();
  localStorage.clear();
  await App.localForage.clear();
};
