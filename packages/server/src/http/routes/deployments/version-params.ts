import { z } from 'zod';

/** Postgres' largest integer. */
const maxVersion = 2_147_483_647;

export const versionSchema = z.coerce.number().int().min(1).max(maxVersion);
export const versionParams = z.object({ version: versionSchema });
