import { defineAction, z } from '@tenon/runtime';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export default defineAction({
  description: 'Posts a message; the bot must be in the channel',
  input: z.object({
    channel: z.string().describe('Id of a channel, or of a user for a direct message.'),
    text: z.string().min(1).max(40_000).describe('In mrkdwn; Slack cuts it after 40,000 characters.'),
    threadTimestamp: z.string().optional().describe('Of the message to answer to.'),
  }),
  output: z.object({ channel: z.string(), timestamp: z.string().describe("The message's id in its channel.") }),
  async run(action) {
    const { channel, text, threadTimestamp } = action.input;
    const { data } = await action.post<{ channel: string; ts: string }>('/chat.postMessage', {
      channel,
      text,
      thread_ts: threadTimestamp,
    });
    return { channel: data.channel, timestamp: data.ts };
  },
});
