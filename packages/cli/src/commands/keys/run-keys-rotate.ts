import type { KeyRotation } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { wait } from '../../follow/wait.ts';

export interface KeysRotateFlags extends TargetFlags {
  /** Of --no-wait. */
  readonly wait?: boolean;
}

const pollMs = 500;

/** Rotates the server's encryption key. Interrupted, only the waiting ends: the server goes on. */
export async function runKeysRotate(context: CommandContext, flags: KeysRotateFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    let rotation = await server.rotateEncryption({ signal });
    const progress = output.progress(labelOf(rotation));
    try {
      while (flags.wait !== false && rotation.remaining > 0) {
        await wait(pollMs, signal);
        signal.throwIfAborted();
        rotation = await server.getEncryption({ signal });
        progress.update(labelOf(rotation));
      }
    } finally {
      progress.stop();
    }
    const { keyId, remaining } = rotation;
    if (remaining === 0) output.line(`${output.colors.green('✓')} Every secret is encrypted with the key ${keyId}.`);
    else output.line(`The key ${keyId} encrypts from now on; ${remaining} secrets are still to be re-encrypted.`);
    output.result(rotation);
  });
}

function labelOf({ remaining }: KeyRotation): string {
  return `re-encrypting, ${remaining} secrets left`;
}
