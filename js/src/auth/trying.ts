/** What a form does when somebody presses its button. */

import type { busy } from './elements.js';
import type { Form } from './formpage.js';

/** Answers whether it went well; undefined while something else is under way. */
export type Try = (work: () => Promise<void>) => Promise<boolean | undefined>;

/**
 * Makes what works off one thing at a time, shows that it does, and hands on what went wrong: by
 * default it is said.
 */
export function trying(
  { say }: Form,
  working: ReturnType<typeof busy>,
  failed = (error: unknown) => say(messageOf(error)),
): Try {
  let isTrying = false;
  return async (work) => {
    if (isTrying) return undefined;
    isTrying = true;
    say('');
    working(true);
    try {
      await work();
      return true;
    } catch (error) {
      failed(error);
      return false;
    } finally {
      isTrying = false;
      working(false);
    }
  };
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
