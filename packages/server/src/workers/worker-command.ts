import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

export interface WorkerCommand {
  readonly file: string;
  readonly execPath: string;
  readonly execArgv: string[];
}

/** Where util-linux puts it; searched by path because the worker's environment, PATH with it, is empty. */
const setprivPaths = ['/usr/bin/setpriv', '/bin/setpriv', '/sbin/setpriv'];

/**
 * The command line of a worker: Node with its permission flags, allowed to read the worker's one file and nothing else.
 *
 * On Linux it is started through setpriv where that exists, so that the kernel kills it when the server dies: a script
 * in a loop never notices that its channel is gone. Elsewhere a worker ends by itself as soon as its script lets it
 * see the closed channel.
 */
export function createWorkerCommand(heapLimitMb: number): WorkerCommand {
  const file = createRequire(import.meta.url).resolve('@tenon/runtime/worker');
  const flags = process.allowedNodeEnvironmentFlags;
  const nodeArguments = [
    // Its name before Node 22.13 and 23.5.
    flags.has('--permission') ? '--permission' : '--experimental-permission',
    `--allow-fs-read=${file}`,
    // From Node 25 on the permission flags cover the network too; calling providers is what scripts are for.
    ...(flags.has('--allow-net') ? ['--allow-net'] : []),
    `--max-old-space-size=${heapLimitMb}`,
    // The permission flags are experimental on Node 20 and warn at each start.
    '--no-warnings',
  ];
  const setpriv = findSetpriv();
  if (!setpriv) return { file, execPath: process.execPath, execArgv: nodeArguments };
  return {
    file,
    execPath: setpriv,
    execArgv: ['--pdeathsig', 'KILL', '--no-new-privs', process.execPath, ...nodeArguments],
  };
}

function findSetpriv(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  // Old util-linux and busybox have no --pdeathsig, and a container may forbid prctl: only a trial tells.
  return setprivPaths.find(
    // It starts itself: Node would take 40 ms of every start of the server.
    (path) => spawnSync(path, ['--pdeathsig', 'KILL', '--no-new-privs', path, '--version'], { env: {} }).status === 0,
  );
}
