import type { ChangeClass, PlannedChange } from '@tenon/runtime/contract';

/** A change before anybody counted what follows from it. */
export type DiffedChange = Omit<PlannedChange, 'impact'>;

/** One difference between two versions of a thing: what a person reads, and what follows from it. */
export interface Finding {
  readonly reason: string;
  readonly class: ChangeClass;
  /** Whether what is stored must be read again; findings of class `resync` always do. */
  readonly resync?: boolean;
}

const severity: Readonly<Record<ChangeClass, number>> = { safe: 0, resync: 1, breaking: 2, destructive: 3 };

/** The gravest class among findings; `safe` for none. */
export function gravestClass(findings: readonly Finding[]): ChangeClass {
  return findings.reduce<ChangeClass>(
    (gravest, finding) => (severity[finding.class] > severity[gravest] ? finding.class : gravest),
    'safe',
  );
}
