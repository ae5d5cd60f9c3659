/** Where keys come from; process.stdin, or anything like it in tests. */
export interface KeySource {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (bytes: Uint8Array | string) => void): unknown;
  off(event: 'data', listener: (bytes: Uint8Array | string) => void): unknown;
}

export interface KeyListener {
  onKey(key: string): void;
  /** Ctrl+Z: the process is to be stopped, in a terminal as it was; resolves when it goes on. Absent: not read. */
  suspend?: (() => Promise<void>) | undefined;
}

const interrupt = '\u0003';
const suspension = '\u001A';

/** Arrows, function keys and pasted marks: several characters that are one key, which means nothing here. */
// oxlint-disable-next-line no-control-regex -- the control character is what is looked for
const sequence = /\u001B(?:\[[0-9;?<]*[\x40-\x7E]|O.)/g;

/**
 * Calls back for each key that is pressed; Ctrl+C, which a raw terminal does not turn into a signal, reads as `q`.
 * @returns a function that gives the terminal back as it was
 */
export function readKeys(source: KeySource, { onKey, suspend }: KeyListener): () => void {
  if (source.isTTY !== true) return () => {};
  const take = () => {
    source.setRawMode?.(true);
    source.resume();
  };
  const giveBack = () => {
    source.setRawMode?.(false);
    source.pause();
  };
  let isEnded = false;
  const listen = (bytes: Uint8Array | string) => {
    for (const key of Buffer.from(bytes).toString('utf8').replaceAll(sequence, '')) {
      if (key === suspension && suspend !== undefined) {
        giveBack();
        void suspend().then(() => (isEnded ? undefined : take()));
      } else onKey(key === interrupt ? 'q' : key.toLowerCase());
    }
  };
  take();
  source.on('data', listen);
  return () => {
    isEnded = true;
    source.off('data', listen);
    giveBack();
  };
}
