/** Stops this process as Ctrl+Z does, and resolves when the shell lets it go on. Elsewhere than on Unix: at once. */
export function suspendProcess(): Promise<void> {
  if (process.platform === 'win32') return Promise.resolve();
  return new Promise((resolve) => {
    process.once('SIGCONT', () => resolve());
    // The whole group, as a terminal would: what npx or a script put around is stopped with it.
    process.kill(0, 'SIGTSTP');
  });
}
