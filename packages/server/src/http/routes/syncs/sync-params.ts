import { nameSchema } from '@tenon/runtime/contract';
import { connectionParamsSchema } from '../../route/connection-params.ts';

export const syncParamsSchema = connectionParamsSchema.extend({ sync: nameSchema });
