import { clock } from './checks/clock.ts';
import { dataFolder } from './checks/data-folder.ts';
import { database } from './checks/database.ts';
import { diskSpace } from './checks/disk-space.ts';
import { dns } from './checks/dns.ts';
import { embeddedPostgres } from './checks/embedded-postgres.ts';
import { generatedSdk } from './checks/generated-sdk.ts';
import { integrations } from './checks/integrations.ts';
import { key } from './checks/key.ts';
import { nodeVersion } from './checks/node-version.ts';
import { orphanedPostgres } from './checks/orphaned-postgres.ts';
import { packageManager } from './checks/package-manager.ts';
import { port } from './checks/port.ts';
import { project } from './checks/project.ts';
import { projectRuntime } from './checks/project-runtime.ts';
import { proxy } from './checks/proxy.ts';
import { server } from './checks/server.ts';
import { serverVersion } from './checks/server-version.ts';
import { tcp } from './checks/tcp.ts';
import { tls } from './checks/tls.ts';
import { tsconfig } from './checks/tsconfig.ts';
import { typeChecker } from './checks/type-checker.ts';
import { zodCopies } from './checks/zod-copies.ts';
import type { DoctorCheck } from './doctor-check.ts';

/** From what everything needs to what only some commands need. */
export const allChecks: readonly DoctorCheck[] = [
  nodeVersion,
  packageManager,
  project,
  projectRuntime,
  zodCopies,
  tsconfig,
  typeChecker,
  generatedSdk,
  embeddedPostgres,
  dataFolder,
  diskSpace,
  port,
  orphanedPostgres,
  proxy,
  dns,
  tcp,
  tls,
  server,
  serverVersion,
  key,
  clock,
  database,
  integrations,
];
