import type { ChalkInstance } from 'chalk';
import type { TextStream } from './create-output.ts';
import type { Progress } from './output.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;
const clearLine = '\r\u001B[2K';

/** Draws a spinner on a terminal; elsewhere nothing is printed, so that logs stay clean. */
export function startProgress(
  stream: TextStream | undefined,
  options: { label: string; colors: ChalkInstance },
): Progress {
  if (!stream?.isTTY) return { update() {}, stop() {} };
  let label = options.label;
  let frame = 0;
  let isStopped = false;
  const draw = () => {
    stream.write(`${clearLine}${options.colors.cyan(frames[frame++ % frames.length])} ${label}`);
  };
  draw();
  const timer = setInterval(draw, frameMs);
  // A spinner must never be what keeps the process alive.
  timer.unref();
  return {
    update(next) {
      label = next;
    },
    stop() {
      if (isStopped) return;
      isStopped = true;
      clearInterval(timer);
      stream.write(clearLine);
    },
  };
}
