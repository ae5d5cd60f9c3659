/** How a command is called in these tests, in a project with one connected account on a running server. */
export interface CommandEntry {
  readonly call: readonly string[];
  /** Default 0. */
  readonly exitCode?: number;
  /** What --json prints: one document (default), or one a line as it goes on. */
  readonly json?: 'document' | 'lines';
  /** It goes on until it is interrupted, which the tests do once stdout fits. */
  readonly interruptAt?: RegExp;
  /** In a folder of its own, which is empty: it would change the project. */
  readonly isAlone?: boolean;
  /** It prints a table, which has to fit into a narrow terminal. */
  readonly hasTable?: boolean;
}

/**
 * Every command of `tenon --help`. A new command belongs here, with a call that ends by itself and changes nothing that
 * the others need, so that the tests see it without a terminal, with --json, and in a narrow one.
 */
export const commandEntries: Readonly<Record<string, CommandEntry>> = {
  init: { call: ['init', '.', '--yes', '--skip-install', '--template', 'sandbox'], isAlone: true },
  add: { call: ['add', 'sandbox'] },
  // A few: node-pty drops what was not read 200 ms after the end, and all of them are much to draw.
  providers: { call: ['providers', 'git'], hasTable: true },
  check: { call: ['check'] },
  test: { call: ['test', '--pass-with-none'] },
  record: {
    call: ['record', 'sandbox/issues', '--connection', 'acme', '--limit-pages', '1', '--name', 'terminal', '--replace'],
  },
  dev: { call: ['dev'], json: 'lines', interruptAt: /live in|nothing changed|"type":"change"/, exitCode: 130 },
  generate: { call: ['generate', '--out', 'sdk'] },
  plan: { call: ['plan'] },
  deploy: { call: ['deploy', '--yes'] },
  versions: { call: ['versions'], hasTable: true },
  promote: { call: ['promote', '--from', 'nowhere', '--env', 'prod'], exitCode: 11 },
  rollback: { call: ['rollback', '99', '--yes'], exitCode: 11 },
  connect: { call: ['connect', 'sandbox'], exitCode: 11 },
  connections: { call: ['connections', 'list'], hasTable: true },
  integrations: { call: ['integrations'], hasTable: true },
  run: { call: ['run', 'sandbox/issues', '--connection', 'acme'] },
  records: {
    call: ['records', 'list', 'sandbox/Issue', '--connection', 'acme', '--limit', '3'],
    json: 'lines',
    hasTable: true,
  },
  views: { call: ['views'], hasTable: true },
  runs: { call: ['runs', 'list', '--limit', '3'], hasTable: true },
  schedules: { call: ['schedules', 'list'], hasTable: true },
  logs: { call: ['logs', '--limit', '3'], json: 'lines' },
  environments: { call: ['environments', 'list'], hasTable: true },
  env: { call: ['env', 'list'], hasTable: true },
  keys: { call: ['keys', 'list'], hasTable: true },
  webhooks: { call: ['webhooks', 'list'], hasTable: true },
  audit: { call: ['audit', '--limit', '3'], hasTable: true },
  whoami: { call: ['whoami'] },
  login: { call: ['login'], exitCode: 11 },
  logout: { call: ['logout'], exitCode: 13 },
  server: { call: ['server', 'start', '--port', '0'], interruptAt: /"ready"/, exitCode: 0, isAlone: true },
  doctor: { call: ['doctor'] },
  completion: { call: ['completion', 'bash'] },
};
