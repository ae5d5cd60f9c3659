import { z } from 'zod';
import { userCodeSchema } from '@tenon/runtime/contract';

/** The code that a person reads and types. */
export const userCodeParams = z.object({ code: userCodeSchema });
