/** Gathers what is asked in one turn: the CMS's board asks for every draft with a call of its own. */

interface Asked<A, V> {
  item: A;
  resolve(value: V): void;
  reject(error: unknown): void;
}

/** `all` answers for each item, in their order; one that fails must not fail the others. */
export function together<A, V>(
  all: (items: A[]) => Promise<PromiseSettledResult<V>[]>,
): (item: A) => Promise<V> {
  let waiting: Asked<A, V>[] = [];
  const ask = async () => {
    const asked = waiting;
    waiting = [];
    try {
      const answers = await all(asked.map(({ item }) => item));
      asked.forEach(({ resolve, reject }, i) => {
        const answer = answers[i] as PromiseSettledResult<V>;
        if (answer.status === 'fulfilled') resolve(answer.value);
        else reject(answer.reason);
      });
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (waiting.length === 1) queueMicrotask(ask);
    });
}
