import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Manifest } from '@tenon/runtime/contract';
import { contractOf } from '../generate/contract-of.ts';
import { describeContractChange } from '../generate/describe-contract-change.ts';
import { emitSdk } from '../generate/emit-sdk.ts';
import type { SdkFile } from '../generate/sdk-file.ts';
import { writeSdk } from '../generate/write-sdk.ts';
import type { Project } from '../project/project.ts';

interface WrittenSdk {
  readonly manifest: Manifest;
  readonly key: string;
  readonly directory: string;
  readonly files: readonly SdkFile[];
}

/**
 * Keeps the SDK up to date: writes what differs from what the project declares, also when somebody else changed or
 * removed it, and says what it was. When the config names another folder, it moves.
 */
export class SdkWatch {
  #last: WrittenSdk | undefined;

  /** @returns what changed in words; undefined when nothing was written */
  async update(project: Project, manifest: Manifest): Promise<string | undefined> {
    const { out, importExtension } = project.config.sdk;
    const directory = resolve(project.root, out);
    const key = [contractOf(manifest), importExtension].join('\n');
    const last = this.#last;
    // Emitting is the slow part; what lies in the folder is looked at every time.
    const files = last?.key === key ? last.files : await emitSdk(manifest, { importExtension });
    const changes = await writeSdk(directory, files);
    this.#last = { manifest, key, directory, files };
    const isMoved = last !== undefined && last.directory !== directory;
    if (isMoved && !isInside(directory, last.directory) && existsSync(last.directory)) {
      // Only what Tenon wrote; two SDKs, of which one grows old, would be worse than none.
      await writeSdk(last.directory, []);
    }
    if (changes.written.length + changes.removed.length === 0) return undefined;
    const described = last === undefined ? [] : describeContractChange(last.manifest, manifest);
    if (isMoved) described.unshift(`moved to ${relative(project.root, directory).split(sep).join('/')}`);
    return described.length === 0 ? 'sdk' : `sdk (${described.join('; ')})`;
  }
}

function isInside(folder: string, above: string): boolean {
  return folder.startsWith(`${above}${sep}`);
}
