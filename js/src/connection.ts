/** A backend opened in whichever program runs, for whoever is signed in. */

import { BackendError, toBackendError } from './errors.js';
import type { Entrance, Gateway } from './gateway/gateway.js';
import type { Result } from './protocol.js';
import { readRepoFiles } from './repofiles.js';
import type { Runtime } from './runtime.js';
import type { Session } from './session.js';
import type * as T from './types.js';

export class Connection {
  readonly #name: string;
  readonly #config: Record<string, unknown>;
  readonly #runtime: Runtime;
  /** Where a gateway stands between us and the host. */
  readonly #gateway: Gateway | undefined;
  /** Where none does. */
  readonly #session: Session | undefined;
  #entrance: Entrance | undefined;
  /** The backend's handle in a program, and which program that was. */
  #handle: { generation: number; id: Promise<number> } | undefined;
  /** Somebody is signed in; whether they work on a fork. */
  #user: { fork: boolean } | undefined;

  constructor(
    name: string,
    config: Record<string, unknown>,
    runtime: Runtime,
    { gateway, session }: { gateway?: Gateway | undefined; session?: Session | undefined },
  ) {
    this.#name = name;
    this.#config = config;
    this.#runtime = runtime;
    this.#gateway = gateway;
    this.#session = session;
    const module = gateway ? gateway.expected : name;
    if (module) runtime.use(module);
  }

  /** The error that the program means. */
  toError(wire: unknown): Error {
    return this.#runtime.toError(wire);
  }

  async call(method: string, args: Record<string, unknown>): Promise<Result> {
    if (this.#gateway && !this.#entrance)
      throw new BackendError('Unauthenticated', 'Nobody is signed in. Sign in first.');
    const { generation } = await this.#runtime.start();
    const backend = await this.#open(generation);
    return this.#runtime.call(generation, method, { ...args, backend });
  }

  async signIn(
    method: 'authenticate' | 'restoreUser',
    credentials: T.Credentials | T.User,
  ): Promise<T.User> {
    if (this.#gateway) this.#pass(await this.#gateway.enter(credentials));
    const token = this.#session?.enter(credentials);
    try {
      const fork = Boolean(credentials?.fork);
      const user = (await this.call(method, { token, fork })).meta as T.User;
      this.#user = { fork: user.fork !== undefined };
      return {
        ...user,
        ...(user.fork !== undefined && { useOpenAuthoring: true }),
        ...this.#session?.stored,
      };
    } catch (error) {
      if (!mayPass(error)) this.#session?.leave();
      throw error;
    }
  }

  /** Everything that was kept of them is gone, whatever the host or the gateway says. */
  async signOut(): Promise<void> {
    this.#user = undefined;
    try {
      if (!this.#gateway || this.#entrance) await this.call('logout', {});
    } finally {
      if (this.#gateway) this.#close();
      this.#session?.leave();
      await this.#gateway?.leave();
      this.#entrance = undefined;
    }
  }

  /** Goes through the gateway: a backend that was opened for somebody else is not used again. */
  #pass(entrance: Entrance): void {
    if (entrance === this.#entrance) return;
    this.#close();
    this.#entrance = entrance;
    this.#user = undefined;
    this.#runtime.use(entrance.module);
  }

  /** Lets the program forget the backend, and the token that it holds. */
  #close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    handle?.id
      .then((backend) => this.#runtime.call(handle.generation, 'close', { backend }))
      .catch(() => undefined); // It has ended, and so forgotten everything.
  }

  /** Opens the backend in a program, once: again in a new one. */
  #open(generation: number): Promise<number> {
    if (this.#handle?.generation === generation) return this.#handle.id;
    const id = this.#openIn(generation);
    this.#handle = { generation, id };
    id.catch(() => {
      if (this.#handle?.id === id) this.#handle = undefined;
    });
    return id;
  }

  async #openIn(generation: number): Promise<number> {
    const [gateway, session] = [this.#gateway, this.#session];
    const files = this.#name === 'test-repo' ? await readRepoFiles() : undefined;
    const { meta } = await this.#runtime.call(generation, 'open', {
      name: this.#name,
      config: { ...this.#config, gateway: this.#entrance?.config },
      files,
      asksTokens: gateway !== undefined,
      renewsTokens: session !== undefined,
    });
    const { backend } = meta as { backend: number };
    if (gateway) this.#runtime.answerTokens(generation, backend, (t) => gateway.token(t));
    if (session) this.#runtime.answerTokens(generation, backend, (t) => session.renew(t));
    // After a crash the new program knows nobody; who was signed in stays so.
    if (this.#user) {
      const credentials = { ...this.#user, token: session?.token };
      await this.#runtime.call(generation, 'restoreUser', { ...credentials, backend });
    }
    return backend;
  }
}

/** Whether the session may be good though the host could not be asked. */
function mayPass(error: unknown): boolean {
  const { kind } = toBackendError(error);
  return kind === 'Network' || kind === 'RateLimited' || kind === 'Unknown' || kind === 'Internal';
}
