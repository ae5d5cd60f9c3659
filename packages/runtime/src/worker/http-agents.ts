import http from 'node:http';
import https from 'node:https';

/**
 * Gives Node's HTTP modules agents of their own run: listeners and options on the global ones, and connections that
 * they keep, would be the next run's too. As Node makes them (lib/_http_agent.js, lib/https.js).
 */
export function renewHttpAgents(): void {
  const options = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const;
  http.globalAgent.destroy();
  https.globalAgent.destroy();
  http.globalAgent = new http.Agent(options);
  https.globalAgent = new https.Agent(options);
}
