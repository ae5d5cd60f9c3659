/** Ends a command with the exit code of the process that it was only the starter of, which has said its own reasons. */
export class ChildExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`The process ended with ${exitCode}.`);
    this.name = 'ChildExit';
    this.exitCode = exitCode;
  }
}
