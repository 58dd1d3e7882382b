/** The sign-in page of backends that need no credentials: a button. */

import type { Backend } from '../backend.js';
import type { Core } from '../core.js';
import { plainLogin } from './plainlogin.js';
import type { Texts } from './texts.js';

export interface LoginProps {
  onLogin(credentials: object): void;
  error?: string;
}

/** React as the CMS leaves it in the global scope. A second copy of it would blank the page. */
export interface CmsReact {
  h(type: unknown, props: object, ...children: unknown[]): unknown;
  useState?<V>(value: V): [V, (value: V) => void];
  useEffect?(effect: () => void, deps: unknown[]): void;
}

/** Signs in; the CMS is told only when it succeeded, since it never lets go of a failure. */
export type SignIn = (onLogin: LoginProps['onLogin']) => Promise<void>;

export function loginPage(backend: Backend, atOnce: boolean, texts: Texts, core: () => Core) {
  const signIn: SignIn = async (onLogin) => {
    await backend.authenticate({});
    onLogin({});
  };
  return function MooringLogin(props: LoginProps): unknown {
    const react = globalThis as unknown as CmsReact;
    const { loginPage: native } = core();
    if (!native || !react.useState || !react.useEffect)
      return plainLogin(react.h, props, backend, signIn, atOnce, texts);
    return nativeLogin(react as Required<CmsReact>, native, props, backend, signIn, atOnce);
  };
}

/** Static CMS's own sign-in page, with our button behind it. */
function nativeLogin(
  { h, useState, useEffect }: Required<CmsReact>,
  native: (props: object) => { type: unknown },
  props: LoginProps,
  backend: Backend,
  signIn: SignIn,
  atOnce: boolean,
): unknown {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const login = async () => {
    setBusy(true);
    setError('');
    await signIn(props.onLogin).catch((e: Error) => setError(e.message));
    setBusy(false);
  };
  useEffect(() => {
    if (atOnce) void login();
    else backend.ready().catch((e: Error) => setError(e.message));
  }, []);
  // The page that it renders is the type of what the built-in's component returns.
  const { type } = native({ ...props, onLogin: () => undefined });
  return h(type, { login, inProgress: busy, error: error || props.error });
}
