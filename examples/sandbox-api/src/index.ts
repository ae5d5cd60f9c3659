export type { ChaosInput } from './http/chaos.ts';
export type { StatsReport } from './http/request-stats.ts';
export type { SandboxOptions } from './sandbox-options.ts';
export { startSandboxApi, type SandboxApi } from './start-sandbox-api.ts';
export type { AdvanceInput, Advanced } from './world/advance.ts';
export type { Company, Contact, Issue, ItemsByKind, Kind, User } from './world/items.ts';
export type { World } from './world/world.ts';
