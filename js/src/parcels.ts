/**
 * Messages of one turn cross together: the board's two hundred questions, and their
 * answers, each take longer to cross alone than to be answered.
 */

export interface Parcel<M> {
  message: M;
  transfer: Transferable[];
  /** Hears that the message can't be handed over. */
  refused?: ((error: unknown) => void) | undefined;
}

/** Where messages go: a Worker, or from there the page. */
interface Receiver {
  postMessage(messages: unknown[], transfer: Transferable[]): void;
}

/** Takes parcels, and sends them once the turn is over. */
export function parcels<M>(receiver: Receiver): (parcel: Parcel<M>) => void {
  let waiting: Parcel<M>[] = [];
  const send = () => {
    const batch = waiting;
    waiting = [];
    try {
      deliver(receiver, batch);
    } catch {
      for (const parcel of batch) deliverAlone(receiver, parcel);
    }
  };
  return (parcel) => {
    waiting.push(parcel);
    if (waiting.length === 1) queueMicrotask(send);
  };
}

function deliver<M>(receiver: Receiver, batch: Parcel<M>[]): void {
  receiver.postMessage(
    batch.map(({ message }) => message),
    batch.flatMap(({ transfer }) => transfer),
  );
}

/** One that can't be handed over must not keep the others back. */
function deliverAlone<M>(receiver: Receiver, parcel: Parcel<M>): void {
  try {
    deliver(receiver, [parcel]);
  } catch (error) {
    if (!parcel.refused) throw error;
    parcel.refused(error);
  }
}
