import { Chalk, supportsColor } from 'chalk';
import { describeError, formatErrorForHumans } from './format-error.ts';
import { formatTable } from './format-table.ts';
import type { Output, Progress } from './output.ts';
import { removeControls } from './remove-controls.ts';
import { startProgress } from './start-progress.ts';

/** What is written to; process.stdout and process.stderr, or anything with their shape in tests. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface OutputOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** False: --no-color or NO_COLOR. True: FORCE_COLOR and the terminal decide. */
  readonly allowColor: boolean;
}

/** Builds the printer that every command writes through. */
export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, isJson, isVerbose } = options;
  const isColorful = options.allowColor && !isJson;
  // chalk's supportsColor has read FORCE_COLOR, TERM, CI and whether stdout is a terminal.
  const colors = new Chalk({ level: isColorful && supportsColor ? supportsColor.level : 0 });

  // One line of the terminal: work within work shows itself in the place of the outer, and gives it back.
  const shown: { label: string }[] = [];
  let spinner: Progress | undefined;
  const show = () => {
    const label = shown.at(-1)?.label;
    if (label === undefined) spinner?.stop();
    spinner =
      label === undefined ? undefined : (spinner ?? startProgress(isJson ? undefined : stderr, { label, colors }));
    if (label !== undefined) spinner?.update(label);
  };

  let isStreaming = false;

  return {
    isJson,
    isVerbose,
    colors,
    width: stdout.columns ?? 80,
    line(text = '') {
      if (!isJson) stdout.write(`${removeControls(text)}\n`);
    },
    note(text) {
      if (!isJson) stderr.write(`${removeControls(text)}\n`);
    },
    table(rows, columns) {
      if (isJson) return;
      const [head, ...lines] = formatTable(rows, columns, stdout.isTTY ? stdout.columns : undefined);
      const title = head ? [colors.dim(head)] : [];
      stdout.write([...title, ...lines, ''].join('\n'));
    },
    result(value) {
      if (isJson) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    event(value) {
      if (!isJson) return;
      isStreaming = true;
      stdout.write(`${JSON.stringify(value)}\n`);
    },
    progress(label) {
      const own = { label };
      shown.push(own);
      show();
      return {
        update(next) {
          own.label = next;
          show();
        },
        stop() {
          const index = shown.indexOf(own);
          if (index === -1) return;
          shown.splice(index, 1);
          show();
        },
      };
    },
    error(error) {
      // After lines of JSON it is one as well, for those who read line by line.
      const space = isStreaming ? undefined : 2;
      if (isJson) stdout.write(`${JSON.stringify({ error: describeError(error, { isVerbose }) }, null, space)}\n`);
      else stderr.write(removeControls(formatErrorForHumans(describeError(error, { isVerbose }), colors)));
    },
    raw(text) {
      stdout.write(text);
    },
  };
}
