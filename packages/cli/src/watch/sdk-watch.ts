import { resolve } from 'node:path';
import type { Manifest } from '@tenon/runtime/contract';
import { contractOf } from '../generate/contract-of.ts';
import { describeContractChange } from '../generate/describe-contract-change.ts';
import { emitSdk } from '../generate/emit-sdk.ts';
import { writeSdk } from '../generate/write-sdk.ts';
import type { Project } from '../project/project.ts';

/** Keeps the SDK up to date: writes it when what it is made from changed, and says what did. */
export class SdkWatch {
  #last: { manifest: Manifest; key: string } | undefined;

  /** @returns what changed in words; undefined when nothing was written */
  async update(project: Project, manifest: Manifest): Promise<string | undefined> {
    const { out, importExtension } = project.config.sdk;
    const directory = resolve(project.root, out);
    const key = [contractOf(manifest), directory, importExtension].join('\n');
    const last = this.#last;
    if (last?.key === key) return undefined;
    const changes = await writeSdk(directory, await emitSdk(manifest, { importExtension }));
    this.#last = { manifest, key };
    if (changes.written.length + changes.removed.length === 0) return undefined;
    const described = last === undefined ? [] : describeContractChange(last.manifest, manifest);
    return described.length === 0 ? 'sdk' : `sdk (${described.join('; ')})`;
  }
}
