import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const repository = path.resolve(import.meta.dirname, '../..');
export const tenonBin = path.join(repository, 'packages/cli/bin/tenon.js');

/** Starts a process that stays. */
export function startProcess(command, options) {
  const [file, ...rest] = command;
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return {
    child,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'close');
    },
  };
}

/** Runs a process to its end. */
export async function execute(command, options) {
  const running = startProcess(command, options);
  const [code] = await once(running.child, 'close');
  if (code !== 0) throw new Error(`${command.join(' ')} exited ${code}:\n${running.output()}`);
  return running.output();
}

export async function waitUntil(what, ask, timeoutMs = 300_000, everyMs = 5) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
    await delay(everyMs);
  }
}

/**
 * Memory of a process and everything below it, in MB. Proportional set size where Linux tells it, so that what
 * processes share (Postgres' buffers, Node's text) is counted once.
 */
export async function memoryOfTree(rootPid) {
  const parents = new Map();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    const parent = /^PPid:\t(\d+)$/m.exec(status)?.[1];
    if (parent) parents.set(Number(name), Number(parent));
  }
  const belongs = (pid) => pid === rootPid || (parents.has(pid) && belongs(parents.get(pid)));
  let pssKb = 0;
  let rssKb = 0;
  const parts = [];
  for (const pid of parents.keys()) {
    if (!belongs(pid)) continue;
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
    const pss = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    const rss = Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    pssKb += pss;
    rssKb += rss;
    parts.push({ pid, command: command.slice(0, 60), pssMb: Math.round(pss / 1024), rssMb: Math.round(rss / 1024) });
  }
  return { pssMb: Math.round(pssKb / 1024), rssMb: Math.round(rssKb / 1024), parts };
}
