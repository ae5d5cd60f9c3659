import type { ActionManifest } from '@tenon/runtime/contract';
import { classOfRead, classOfWrite, describeFieldChange, diffSchemas } from './diff-schemas.ts';
import { diffFunctionBase } from './diff-function-base.ts';
import type { Finding } from './finding.ts';

/** What differs between two versions of an action. Nothing of it is stored, so nothing is read again. */
export function diffAction(before: ActionManifest, after: ActionManifest): Finding[] {
  const input = diffSchemas(before.input, after.input).map((change): Finding => ({
    reason: `input: ${describeFieldChange(change)}`,
    class: classOfWrite(change),
  }));
  const output = diffSchemas(before.output, after.output).map((change): Finding => ({
    reason: `output: ${describeFieldChange(change)}`,
    class: classOfRead(change) === 'breaking' ? 'breaking' : 'safe',
  }));
  return [...diffFunctionBase(before, after), ...input, ...output, ...diffErrors(before.errors, after.errors)];
}

/** An app that knows all errors meets one more, or reads a payload that is another one now. */
function diffErrors(before: ActionManifest['errors'], after: ActionManifest['errors']): Finding[] {
  const added = Object.keys(after).filter((code) => !Object.hasOwn(before, code));
  const removed = Object.keys(before).filter((code) => !Object.hasOwn(after, code));
  const changed = Object.entries(after).flatMap(([code, schema]) =>
    diffSchemas(before[code] ?? schema, schema).map((change): Finding => ({
      reason: `error ${code}: ${describeFieldChange(change)}`,
      class: classOfRead(change) === 'breaking' ? 'breaking' : 'safe',
    })),
  );
  return [
    ...added.map((code): Finding => ({ reason: `error +${code}`, class: 'safe' })),
    ...removed.map((code): Finding => ({ reason: `error -${code}`, class: 'safe' })),
    ...changed,
  ];
}
