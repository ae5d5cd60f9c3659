/** What was opened, to be closed in reverse: the whole of it in order, whatever fails on the way. */
export interface ClosingStack {
  /** @param name of what is closed, for the log */
  defer(name: string, close: () => Promise<void> | void): void;
  /** Closes everything that is open; a second call waits for the first. */
  close(): Promise<void>;
}

/** @param onFailure a part could not be closed; the others were all the same */
export function createClosingStack(onFailure: (name: string, error: unknown) => void): ClosingStack {
  const open: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (let part = open.pop(); part; part = open.pop()) {
      try {
        await part.close();
      } catch (error) {
        onFailure(part.name, error);
      }
    }
  }

  return {
    defer: (name, close) => void open.push({ name, close }),
    close: () => (closing ??= closeAll()),
  };
}
