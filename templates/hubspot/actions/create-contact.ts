import { defineAction, z } from '@tenon/runtime';

/** https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide#create-contacts */
export default defineAction({
  description: 'Creates a contact; fails with status 409 when one with this email exists',
  input: z.object({
    email: z.email(),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
    phone: z.string().optional(),
    lifecycleStage: z.string().optional().describe('Internal name, such as lead or customer.'),
  }),
  output: z.object({ id: z.string() }),
  async run(action) {
    const { email, firstName, lastName, phone, lifecycleStage } = action.input;
    const { data } = await action.post<{ id: string }>('/crm/objects/2026-03/contacts', {
      properties: { email, firstname: firstName, lastname: lastName, phone, lifecyclestage: lifecycleStage },
    });
    return { id: data.id };
  },
});
