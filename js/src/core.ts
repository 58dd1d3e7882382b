/** What of the CMS's own classes must be used, and where they are found. */

import type { BackendError } from './errors.js';

export interface Core {
  /** Static CMS tests errors with `instanceof` its own class. */
  EditorialWorkflowError?: new (
    message: string,
    notUnderEditorialWorkflow: boolean,
  ) => Error;
  /** The key under which a listing carries its cursor. */
  cursorSymbol?: symbol | undefined;
  /** Its sign-in page, for the native look. */
  loginPage?: ((props: object) => { type: unknown }) | undefined;
}

interface Probed {
  init(
    config: object,
    options: object,
  ): { entriesByFolder(...args: unknown[]): Promise<unknown[]> };
}

/**
 * Finds the CMS's classes when they are first needed: the script tag's global
 * `StaticCmsApp` may come after us. Never await it: it exports a `then`.
 */
export function findCore(CMS: { getBackend?(name: string): unknown }, given?: object): () => Core {
  const probed: Core = {};
  probe(CMS, probed);
  return () => ({ ...probed, ...fromExports(given ?? Reflect.get(globalThis, 'StaticCmsApp')) });
}

function fromExports(exports: unknown): Core {
  if (typeof exports !== 'object' || exports === null) return {};
  const found = exports as {
    EditorialWorkflowError?: Core['EditorialWorkflowError'];
    CURSOR_COMPATIBILITY_SYMBOL?: symbol;
    ProxyBackend?: { prototype: { authComponent(): Core['loginPage'] } };
  };
  return {
    EditorialWorkflowError: found.EditorialWorkflowError,
    cursorSymbol: found.CURSOR_COMPATIBILITY_SYMBOL,
    loginPage: found.ProxyBackend?.prototype.authComponent.call({}),
  };
}

/** Decap CMS registers its own backends at import and exports nothing: a listing of its test-repo has the symbol. */
function probe(CMS: { getBackend?(name: string): unknown }, into: Core): void {
  const builtin = CMS.getBackend?.('test-repo') as Probed | undefined;
  if (!builtin) return;
  try {
    builtin
      .init({ backend: {}, media_folder: '' }, {})
      .entriesByFolder('', 'md', 1)
      .then(
        (listing) => {
          const [symbol] = Object.getOwnPropertySymbols(listing);
          if (symbol) into.cursorSymbol = symbol;
        },
        () => undefined,
      );
  } catch {
    // Then listings come whole, without a cursor.
  }
}

/** The error as the CMS knows it. */
export function adaptError(error: BackendError, { EditorialWorkflowError }: Core): Error {
  if (error.kind !== 'NotInWorkflow' || !EditorialWorkflowError) return error;
  const { kind, api, paths } = error;
  return Object.assign(new EditorialWorkflowError(error.message, true), { kind, api, paths });
}
