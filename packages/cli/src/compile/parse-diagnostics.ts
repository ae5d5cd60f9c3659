export interface TypeDiagnostic {
  /** Path from the project's root with forward slashes; absent for problems of the compiler's options. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** Such as TS2322. */
  readonly code: string;
  /** The first line says what, the indented ones below it why. */
  readonly message: string;
}

/** `src/a.ts(1,40): error TS2322: Type ...`, or `error TS5058: ...` when there is no place. */
const headPattern = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/;

/** Reads what `tsc --pretty false` prints; `rest` is what belongs to no diagnostic (file names of --listFiles). */
export function parseDiagnostics(text: string): { diagnostics: TypeDiagnostic[]; rest: string[] } {
  const diagnostics: TypeDiagnostic[] = [];
  const rest: string[] = [];
  let isInDiagnostic = false;
  for (const line of text.split(/\r?\n/)) {
    const head = headPattern.exec(line);
    const last = diagnostics.at(-1);
    if (head) {
      const [, file, row, column, code = '', message = ''] = head;
      const place = file === undefined ? {} : { file, line: Number(row), column: Number(column) };
      diagnostics.push({ ...place, code, message });
      isInDiagnostic = true;
    } else if (isInDiagnostic && last !== undefined && /^\s+\S/.test(line)) {
      diagnostics[diagnostics.length - 1] = { ...last, message: `${last.message}\n${line}` };
    } else {
      isInDiagnostic = false;
      if (line !== '') rest.push(line);
    }
  }
  return { diagnostics, rest };
}
