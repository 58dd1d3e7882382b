// Stands between the page and the proxy server, and answers chosen actions
// wrongly: what a broken server, a captive portal or a lost connection does.
import { createServer } from 'node:http';

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Methods': '*',
};

const send = (status, type, body) => (response) => {
  response.writeHead(status, { ...CORS, 'Content-Type': type });
  response.end(body);
};

/** Wrong answers by name. */
export const WRONG = {
  'a web page': send(200, 'text/html', '<!doctype html><title>Sign in to the WiFi</title>'),
  'half a JSON': send(200, 'application/json', '{"repo": "sa'),
  'status 500': send(500, 'application/json', '{"error": "Unknown error"}'),
  'status 422': send(422, 'application/json', '{"error": "\\"params\\" is required"}'),
  'a lost connection': (response) => response.destroy(),
};

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function actionOf(body) {
  try {
    return JSON.parse(body).action;
  } catch {
    return undefined;
  }
}

async function forward(target, request, body, response) {
  const answer = await fetch(target + request.url, {
    method: request.method,
    headers: { 'Content-Type': request.headers['content-type'] ?? 'application/json' },
    body: request.method === 'POST' ? body : undefined,
  });
  send(
    answer.status,
    answer.headers.get('content-type') ?? 'text/plain',
    Buffer.from(await answer.arrayBuffer()),
  )(response);
}

/**
 * @param {string} proxyURL where the real server answers
 * @returns its own url; wrong, a Map from an action to the answer it gets; and
 *   done, the actions that came through
 */
export function startRelay(proxyURL) {
  const { origin, pathname } = new URL(proxyURL);
  const wrong = new Map();
  const done = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'OPTIONS') return send(204, 'text/plain', '')(response);
    const body = await read(request);
    const action = actionOf(body);
    done.push(action);
    const answer = wrong.get(action);
    if (answer) return answer(response);
    await forward(origin, request, body, response).catch(() => response.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const url = `http://localhost:${server.address().port}${pathname}`;
      const stop = () =>
        new Promise((end) => {
          server.close(end);
          server.closeAllConnections();
        });
      resolve({ url, wrong, done, stop });
    });
  });
}
