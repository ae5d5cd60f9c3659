import type { AskContext } from './ask-context.ts';
import type { AskHandlers, RateHandlers } from './ask-handlers.ts';
import { callActionAsk } from './call-action-ask.ts';
import { credentialsAsk } from './credentials-ask.ts';
import { listQuarantinedAsk } from './list-quarantined-ask.ts';
import { listRecordsAsk } from './list-records-ask.ts';
import { lockAsk } from './lock-ask.ts';
import { metadataAsk } from './metadata-ask.ts';
import { partitionStateAsk } from './partition-state-ask.ts';
import { readRecordsAsk } from './read-records-ask.ts';
import { triggerSyncAsk } from './trigger-sync-ask.ts';
import { unlockAsk } from './unlock-ask.ts';
import { variableAsk } from './variable-ask.ts';

/** Who answers which question of a script. */
export function createAskHandlers(context: AskContext, rates: RateHandlers): AskHandlers {
  return {
    'partition-state': partitionStateAsk(context),
    'read-records': readRecordsAsk(context),
    'list-records': listRecordsAsk(context),
    'list-quarantined': listQuarantinedAsk(context),
    lock: lockAsk(context),
    unlock: unlockAsk(context),
    variable: variableAsk(context),
    credentials: credentialsAsk(context),
    metadata: metadataAsk(context),
    'call-action': callActionAsk(context),
    'trigger-sync': triggerSyncAsk(context),
    ...rates,
  };
}
