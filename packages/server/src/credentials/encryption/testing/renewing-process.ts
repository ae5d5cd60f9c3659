import { pino } from 'pino';
import { connectDatabase } from '../../../database/connect-database.ts';
import { createNotifications } from '../../../engine/notifications/notifications.ts';
import { decrypt, encrypt } from '../../envelope.ts';
import { createKeyRotator } from '../key-rotator.ts';
import { openDataKeyring } from '../open-data-keyring.ts';

/**
 * A server process as far as tokens go: it renews one after the other, and tells its parent each that was committed.
 * Each token is a count, so that a lost renewal shows.
 */
interface Order {
  readonly connection: string;
  readonly masterKey: string;
  readonly rotate: boolean;
}

process.once('message', (order: Order) => void work(order));

async function work({ connection, masterKey, rotate }: Order): Promise<void> {
  const log = pino({ level: 'silent' });
  const { database, pool } = await connectDatabase({ connection, poolSize: 4, logger: log });
  const keyring = await openDataKeyring({ database, masterKeys: [Buffer.from(masterKey, 'base64')] });
  const notifications = createNotifications({ pool, log });
  const rotator = createKeyRotator({ database, keyring, notifications, log });
  await rotator.start();
  const rows = await database.selectFrom('connections').select('id').execute();
  if (rotate) void rotator.rotate();
  for (let turn = 0; ; turn = (turn + 7) % rows.length) {
    const id = rows[turn]?.id ?? 0;
    const at = { keyring, place: { table: 'connections', column: 'token', row: id } };
    const count = await database.transaction().execute(async (transaction) => {
      const row = await transaction
        .selectFrom('connections')
        .select('token')
        .where('id', '=', id)
        .forNoKeyUpdate()
        .executeTakeFirstOrThrow();
      const next = Number(await decrypt(row.token ?? Buffer.alloc(0), at)) + 1;
      const token = encrypt(String(next), at);
      await transaction.updateTable('connections').set({ token }).where('id', '=', id).execute();
      return next;
    });
    process.send?.({ id, count });
  }
}
