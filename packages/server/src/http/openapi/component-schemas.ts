import { z } from 'zod';
import {
  actionResultSchema,
  changeSchema,
  connectAttemptSchema,
  connectionSchema,
  connectSessionSchema,
  connectViewSchema,
  deploymentSchema,
  errorBodySchema,
  healthSchema,
  integrationSchema,
  liveEventSchema,
  logEntrySchema,
  manifestSchema,
  plannedChangeSchema,
  planSchema,
  recordSchema,
  runSchema,
  syncStatusSchema,
  webhookDeliverySchema,
  webhookEndpointSchema,
  whoamiSchema,
} from '@tenon/runtime/contract';

/** Schemas that the document names and refers to, instead of repeating them. */
export const componentSchemas = z.registry<{ id: string }>();

const named = {
  ActionResult: actionResultSchema,
  Change: changeSchema,
  ConnectAttempt: connectAttemptSchema,
  Connection: connectionSchema,
  ConnectSession: connectSessionSchema,
  ConnectView: connectViewSchema,
  Deployment: deploymentSchema,
  Error: errorBodySchema,
  Health: healthSchema,
  Integration: integrationSchema,
  LiveEvent: liveEventSchema,
  LogEntry: logEntrySchema,
  Manifest: manifestSchema,
  Plan: planSchema,
  PlannedChange: plannedChangeSchema,
  Record: recordSchema,
  Run: runSchema,
  SyncStatus: syncStatusSchema,
  WebhookDelivery: webhookDeliverySchema,
  WebhookEndpoint: webhookEndpointSchema,
  Whoami: whoamiSchema,
};
for (const [id, schema] of Object.entries(named)) componentSchemas.add(schema, { id });
