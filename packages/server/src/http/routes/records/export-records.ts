import { z } from 'zod';
import { recordExportQuerySchema } from '@tenon/runtime/contract';
import { modelColumns } from '../../../records/columns/model-columns.ts';
import { exportContentTypes, openExport } from '../../../records/export/open-export.ts';
import { defineRoute } from '../../route/define-route.ts';
import { findReadableDataset } from './find-readable-dataset.ts';
import { modelParamsSchema } from './record-params.ts';

export const exportRecordsRoute = defineRoute({
  method: 'GET',
  path: '/v1/connections/:integration/:connection/records/:model/export',
  summary: 'Streams all records of a model as they are at one moment. An answer that breaks off is not complete.',
  tag: 'records',
  access: 'key',
  scope: 'records:read',
  params: modelParamsSchema,
  query: recordExportQuerySchema,
  answer: {
    status: 200,
    description: 'NDJSON, CSV or Parquet, as asked for.',
    schema: z.string(),
    contentType: 'application/octet-stream',
  },
  errors: ['not_found'],
  async handle({ caller, params, query: { format, rawText, ...filter }, reply }, context) {
    const datasetId = await findReadableDataset(context, caller, params);
    const { manifest } = await context.connections.manifests.getActive(caller.environmentId);
    const columns = modelColumns(manifest, params);
    const stream = openExport(context.database, { datasetId, format, filter, columns, rawText });
    stream.on('error', (error) => context.logger.warn({ err: error }, 'an export ended early'));
    reply.type(exportContentTypes[format]);
    reply.header('content-disposition', `attachment; filename="${params.integration}-${params.model}.${format}"`);
    return stream;
  },
});
