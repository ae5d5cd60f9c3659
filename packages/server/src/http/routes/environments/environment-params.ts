import { z } from 'zod';
import { nameSchema } from '@tenon/runtime/contract';

export const environmentParamsSchema = z.object({ environment: nameSchema });
