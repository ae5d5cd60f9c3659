import { z } from 'zod';

/** The id of a session, which is no secret; its token is. */
export const sessionParamsSchema = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'expected the id of a connect session')
    .transform(Number),
});
