/** Requests to the services of a site, and sentences for what they answer. */

import { BackendError } from '../errors.js';

export interface Service {
  /** For people, e.g. "identity service". */
  name: string;
  url: string;
  fetch: typeof fetch;
  /** What to do where nothing is at its address. */
  advice: string;
}

/** Asks for JSON. Rejects with a sentence where there is no answer, or none of that service. */
export async function ask(
  service: Service,
  path: string,
  init: RequestInit,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { name, url } = service;
  const response = await service.fetch(url + path, init).catch(() => {
    throw new BackendError(
      'Network',
      `The ${name} at ${url} does not answer. Check the connection, and try again.`,
    );
  });
  const { status } = response;
  if (status >= 500 || status === 429) throw troubled(service, status);
  const body = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) throw absent(service, response);
  if (status === 404 && !NOBODY.test(reasonOf(body))) throw absent(service, response);
  return { status, body };
}

/** GoTrue is there, but has nobody of that token or address. */
const NOBODY = /^(user|.+ token) not found$/i;

function absent({ name, url, advice }: Service, { status, headers }: Response): BackendError {
  const isPage = headers.get('content-type')?.startsWith('text/html');
  const what = isPage ? 'a web page' : String(status);
  return new BackendError(
    'NotFound',
    `There is no ${name} at ${url}: the server answered with ${what}. ${advice}`,
    { status },
  );
}

function troubled({ name, url }: Service, status: number): BackendError {
  if (status === 429)
    return new BackendError(
      'RateLimited',
      `The ${name} at ${url} has had too many requests. Wait a minute, and try again.`,
      { status },
    );
  return new BackendError(
    'Unknown',
    `The ${name} at ${url} is in trouble: it answered ${status}. Try again in a while.`,
    { status },
  );
}

/** The words for people in an error's body, whichever way they are put. */
export function reasonOf(body: Record<string, unknown>): string {
  const { error_description, msg, message, error } = body;
  const [found = ''] = [error_description, msg, message, error].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  return found;
}
