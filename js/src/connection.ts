/** A backend opened in whichever program runs, for whoever is signed in. */

import { BackendError } from './errors.js';
import type { Entrance, Gateway } from './gateway/gateway.js';
import type { Result } from './protocol.js';
import { readRepoFiles } from './repofiles.js';
import type { Runtime } from './runtime.js';
import type * as T from './types.js';

export class Connection {
  readonly #name: string;
  readonly #config: Record<string, unknown>;
  readonly #runtime: Runtime;
  /** Where a gateway stands between us and the host. */
  readonly #gateway: Gateway | undefined;
  #entrance: Entrance | undefined;
  /** The backend's handle in a program, and which program that was. */
  #handle: { generation: number; id: Promise<number> } | undefined;
  #credentials: T.Credentials | undefined;

  constructor(
    name: string,
    config: Record<string, unknown>,
    runtime: Runtime,
    gateway: Gateway | undefined,
  ) {
    this.#name = name;
    this.#config = config;
    this.#runtime = runtime;
    this.#gateway = gateway;
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
    // The session of a gateway is kept beside us, and renewed.
    const { token, refresh_token, fork } = this.#gateway ? {} : (credentials ?? {});
    const { meta } = await this.call(method, { token, refresh_token, fork: Boolean(fork) });
    const user = meta as T.User;
    this.#credentials = { token, refresh_token, fork: user.fork !== undefined };
    return {
      ...user,
      ...(user.fork !== undefined && { useOpenAuthoring: true }),
      ...(token !== undefined && { token }),
      ...(refresh_token !== undefined && { refresh_token }),
    };
  }

  /** Everything that was kept of them is gone, whatever the host or the gateway says. */
  async signOut(): Promise<void> {
    this.#credentials = undefined;
    try {
      if (!this.#gateway || this.#entrance) await this.call('logout', {});
    } finally {
      if (this.#gateway) this.#close();
      await this.#gateway?.leave();
      this.#entrance = undefined;
    }
  }

  /** Goes through the gateway: a backend that was opened for somebody else is not used again. */
  #pass(entrance: Entrance): void {
    if (entrance === this.#entrance) return;
    this.#close();
    this.#entrance = entrance;
    this.#credentials = undefined;
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
    const gateway = this.#gateway;
    const files = this.#name === 'test-repo' ? await readRepoFiles() : undefined;
    const { meta } = await this.#runtime.call(generation, 'open', {
      name: this.#name,
      config: { ...this.#config, gateway: this.#entrance?.config },
      files,
      asksTokens: gateway !== undefined,
    });
    const { backend } = meta as { backend: number };
    if (gateway) this.#runtime.answerTokens(generation, backend, (t) => gateway.token(t));
    // After a crash the new program knows nobody; who was signed in stays so.
    if (this.#credentials)
      await this.#runtime.call(generation, 'restoreUser', { ...this.#credentials, backend });
    return backend;
  }
}
