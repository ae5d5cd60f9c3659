import { modelNameSchema } from '@tenon/runtime/contract';
import { connectionParamsSchema } from '../../route/connection-params.ts';

export const modelParamsSchema = connectionParamsSchema.extend({ model: modelNameSchema });
