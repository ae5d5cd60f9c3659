import { defineAction, TenonError, z } from '@tenon/runtime';

/** https://docs.slack.dev/reference/methods/reactions.add */
export default defineAction({
  description: 'Adds an emoji to a message',
  input: z.object({
    channel: z.string(),
    timestamp: z.string().describe('Of the message.'),
    emoji: z
      .string()
      .regex(/^[^:\s]+$/, 'a name without colons')
      .describe('Such as thumbsup.'),
  }),
  output: z.object({ added: z.boolean().describe('False: it was there already.') }),
  async run(action) {
    const { channel, timestamp, emoji } = action.input;
    try {
      await action.post('/reactions.add', { channel, timestamp, name: emoji });
      return { added: true };
    } catch (error) {
      if (error instanceof TenonError && error.details?.['providerMessage'] === 'already_reacted') {
        return { added: false };
      }
      throw error;
    }
  },
});
