export interface OutputFlags {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  readonly allowColor: boolean;
}

/** Reads the flags that decide how anything is printed, errors of parsing the rest included. */
export function readOutputFlags(argumentList: readonly string[]): OutputFlags {
  const end = argumentList.indexOf('--');
  const flags = new Set(end === -1 ? argumentList : argumentList.slice(0, end));
  return { isJson: flags.has('--json'), isVerbose: flags.has('--verbose'), allowColor: !flags.has('--no-color') };
}
