/** What a program can do about an error; the names of `backends/cmserr`. */
export type ErrorKind =
  | 'Unknown'
  | 'NotFound'
  | 'Conflict'
  | 'Unauthenticated'
  | 'Forbidden'
  | 'RateLimited'
  | 'Invalid'
  | 'Unsupported'
  | 'Network'
  | 'Canceled'
  | 'NotInWorkflow'
  | 'Internal'
  | 'ForkNeeded';

/** What a backend rejects with. `message` is for people, `kind` for programs. */
export class BackendError extends Error {
  readonly kind: ErrorKind;
  /** The HTTP status, null if there was none. Static CMS reads a 404 of `getMedia` as an empty list. */
  readonly status: number | null;
  /** The backend's name, as Static CMS's own `APIError` has it. */
  readonly api: string;
  /** The files in conflict, or the file it is about. */
  readonly paths: string[];
  /** With RateLimited: milliseconds to wait, 0 if unknown. */
  readonly retryAfter: number;
  /** Static CMS and Decap CMS look for this when they open an entry that has no draft. */
  readonly notUnderEditorialWorkflow: boolean;

  constructor(
    kind: ErrorKind,
    message: string,
    more: { status?: number; api?: string; paths?: string[]; retryAfter?: number } = {},
  ) {
    super(message);
    this.kind = kind;
    this.name = nameOf(kind);
    this.status = more.status || (kind === 'NotFound' ? 404 : null);
    this.api = more.api ?? '';
    this.paths = more.paths ?? [];
    this.retryAfter = more.retryAfter ?? 0;
    this.notUnderEditorialWorkflow = kind === 'NotInWorkflow';
  }
}

/** Any error as one of ours. */
export function toBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BackendError('Unknown', message);
}

/** The names that Static CMS and Decap CMS test. */
function nameOf(kind: ErrorKind): string {
  if (kind === 'NotInWorkflow') return 'EDITORIAL_WORKFLOW_ERROR';
  if (kind === 'Unauthenticated') return 'ACCESS_TOKEN_ERROR';
  return 'API_ERROR';
}

interface WireError {
  kind: ErrorKind;
  message: string;
  host?: string;
  path?: string;
  paths: string[];
  status: number;
  retryAfter: number;
}

/** Makes an Error of what `wasm/bridge/errors.go` sends. */
export function fromWire(meta: unknown): BackendError {
  const wire = meta as WireError;
  const paths = wire.paths.length > 0 ? wire.paths : wire.path ? [wire.path] : [];
  return new BackendError(wire.kind, wire.message, {
    status: wire.status,
    api: wire.host ?? '',
    paths,
    retryAfter: wire.retryAfter,
  });
}
