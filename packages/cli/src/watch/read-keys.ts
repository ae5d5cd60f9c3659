/** Where keys come from; process.stdin, or anything like it in tests. */
export interface KeySource {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (bytes: Uint8Array | string) => void): unknown;
  off(event: 'data', listener: (bytes: Uint8Array | string) => void): unknown;
}

const interrupt = '\u0003';

/**
 * Calls back for each key that is pressed; Ctrl+C, which a raw terminal does not turn into a signal, reads as `q`.
 * @returns a function that gives the terminal back as it was
 */
export function readKeys(source: KeySource, onKey: (key: string) => void): () => void {
  if (source.isTTY !== true) return () => {};
  const listen = (bytes: Uint8Array | string) => {
    for (const key of Buffer.from(bytes).toString('utf8')) onKey(key === interrupt ? 'q' : key.toLowerCase());
  };
  source.setRawMode?.(true);
  source.resume();
  source.on('data', listen);
  return () => {
    source.off('data', listen);
    source.setRawMode?.(false);
    source.pause();
  };
}
