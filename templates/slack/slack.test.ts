import { runActionInMemory, runSyncInMemory } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listRecords, openTemplate } from '../harness.ts';
import addReaction from './actions/add-reaction.ts';
import postMessage from './actions/post-message.ts';
import channels from './syncs/channels.ts';
import users from './syncs/users.ts';

const { provider, fixture } = openTemplate('slack');

describe('slack syncs', () => {
  it('save the channels of every page', async () => {
    const { records } = await runSyncInMemory(channels, { provider, exchanges: fixture('channels') });
    expect(listRecords(records, 'Channel')).toEqual([
      {
        id: 'C012AB3CD',
        name: 'general',
        topic: 'Company-wide announcements and work-based matters',
        purpose: 'This channel is for team-wide communication and announcements. All team members are in this channel.',
        isPrivate: false,
        isArchived: false,
        members: 4,
        createdAt: '2015-12-04T18:14:49.000Z',
      },
      expect.objectContaining({ id: 'C061EG9T2', isArchived: true, members: null }),
    ]);
  });

  it('save the users of every page, deactivated ones marked', async () => {
    const { records } = await runSyncInMemory(users, { provider, exchanges: fixture('users') });
    expect(listRecords(records, 'User')).toEqual([
      {
        id: 'W012A3CDE',
        name: 'spengler',
        realName: 'Egon Spengler',
        displayName: 'spengler',
        email: 'spengler@ghostbusters.example.com',
        timezone: 'America/Los_Angeles',
        isBot: false,
        isActive: true,
        updatedAt: '2017-08-07T20:44:46.000Z',
      },
      expect.objectContaining({ id: 'W07QCRPA4', displayName: null, email: null, timezone: null, isActive: false }),
    ]);
  });

  it('wait as long as a 429 asks', async () => {
    const { requests } = await runSyncInMemory(users, { provider, exchanges: fixture('rate-limited') });
    expect(requests.map((request) => request.status)).toEqual([429, 200]);
  });

  it('take ok: false for the failure that it is, though its status is 200', async () => {
    await expect(runSyncInMemory(users, { provider, exchanges: fixture('unauthorized') })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
    await expect(runSyncInMemory(users, { provider, exchanges: fixture('missing-scope') })).rejects.toMatchObject({
      code: 'provider_error',
      details: { providerMessage: 'missing_scope' },
    });
  });
});

describe('slack actions', () => {
  it('post a message into a thread', async () => {
    const { output } = await runActionInMemory(postMessage, {
      provider,
      exchanges: fixture('post-message'),
      input: { channel: 'C123ABC456', text: "Here's a message for you", threadTimestamp: '1503435900.000100' },
    });
    expect(output).toEqual({ channel: 'C123ABC456', timestamp: '1503435956.000247' });
  });

  it('tell why a message was not posted', async () => {
    const exchanges = fixture('post-message-not-in-channel');
    const run = runActionInMemory(postMessage, { provider, exchanges, input: { channel: 'C123ABC456', text: 'Hi' } });
    await expect(run).rejects.toMatchObject({
      code: 'provider_error',
      message: expect.stringContaining('not_in_channel'),
    });
  });

  it('add an emoji, and are content when it is there already', async () => {
    const input = { channel: 'C123ABC456', timestamp: '1503435956.000247', emoji: 'thumbsup' };
    const once = await runActionInMemory(addReaction, { provider, exchanges: fixture('add-reaction'), input });
    expect(once.output).toEqual({ added: true });
    const twice = await runActionInMemory(addReaction, { provider, exchanges: fixture('add-reaction-twice'), input });
    expect(twice.output).toEqual({ added: false });
  });
});
