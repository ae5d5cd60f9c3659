import { parseConfig, type ServerConfig } from './parse-config.ts';

/** Reads this process's environment and folder: the only place of the server that does. */
export function readConfig(): ServerConfig {
  return parseConfig(process.env, process.cwd());
}
