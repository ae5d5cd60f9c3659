import type { PutPreview, StoredPreview } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';
import { describeExpiry } from './describe-expiry.ts';
import { parseTtl } from './parse-ttl.ts';

export interface PreviewFlags {
  readonly ttl?: string;
  readonly allowWrites?: boolean;
  /** Each `<integration>/<connection>`. */
  readonly borrow?: readonly string[];
}

/**
 * Makes the preview that the flags name, or brings it to what they say; nothing without --preview. It comes before what
 * is deployed to it, and a deployment that fails leaves a preview that ends by itself.
 * @throws TenonError `usage_invalid` for flags of a preview without one
 */
export async function ensurePreview(
  context: CommandContext,
  { preview: name, ...flags }: TargetFlags & PreviewFlags,
): Promise<{ preview?: StoredPreview }> {
  if (name === undefined) {
    refuseAlone(flags);
    return {};
  }
  const wanted = readPreviewFlags(flags);
  const { output, signal } = context;
  return withServer(context, flags, async (server) => {
    const preview = await server.putPreview(name, wanted, { signal });
    const done = preview.created ? 'made' : 'kept';
    const writes = preview.allowWrites ? 'writes allowed' : 'writes blocked';
    output.line(
      `Preview ${name} of ${preview.parent} is ${done}: ${writes}, until ${describeExpiry(preview.expiresAt ?? '')}.`,
    );
    return { preview };
  });
}

/** @throws TenonError `usage_invalid` */
export function readPreviewFlags({ ttl, allowWrites, borrow }: PreviewFlags): PutPreview {
  return {
    ...(ttl !== undefined && { ttlMs: parseTtl(ttl) }),
    ...(allowWrites !== undefined && { allowWrites }),
    borrow: (borrow ?? []).map((text) => {
      const [integration, connection] = parsePair(text, '<integration>/<connection>');
      return { integration, connection };
    }),
  };
}

function refuseAlone({ ttl, allowWrites, borrow }: PreviewFlags): void {
  const flag = [
    ttl !== undefined && '--ttl',
    allowWrites !== undefined && '--allow-writes',
    borrow !== undefined && '--borrow',
  ].find((one) => one !== false);
  if (flag === undefined) return;
  throw new TenonError('usage_invalid', `${flag} is for previews.`, {
    hint: 'Name one with --preview, such as pr-123.',
  });
}
