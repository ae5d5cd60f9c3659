import { resolve } from 'node:path';
import type { Manifest } from '@tenon/runtime/contract';
import { contractOf } from '../generate/contract-of.ts';
import { describeContractChange } from '../generate/describe-contract-change.ts';
import { emitSdk } from '../generate/emit-sdk.ts';
import { findImportExtension } from '../generate/find-import-extension.ts';
import { writeSdk } from '../generate/write-sdk.ts';
import type { Project } from '../project/project.ts';

/** Keeps the SDK up to date: writes it when what it is made from changed, and says what did. */
export class SdkWatch {
  #last: { manifest: Manifest; contract: string; directory: string } | undefined;

  /** @returns what changed in words; undefined when nothing was written */
  async update(project: Project, manifest: Manifest): Promise<string | undefined> {
    const contract = contractOf(manifest);
    const directory = resolve(project.root, project.config.sdk.out);
    const last = this.#last;
    if (last?.contract === contract && last.directory === directory) return undefined;
    const importExtension = await findImportExtension(directory);
    const changes = await writeSdk(directory, await emitSdk(manifest, { importExtension }));
    this.#last = { manifest, contract, directory };
    if (changes.written.length + changes.removed.length === 0) return undefined;
    const described = last === undefined ? [] : describeContractChange(last.manifest, manifest);
    return described.length === 0 ? 'sdk' : `sdk (${described.join('; ')})`;
  }
}
