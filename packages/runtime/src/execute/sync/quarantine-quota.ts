import { TenonError } from '../../errors/tenon-error.ts';

/** So many records may always be invalid, unless they are all. */
const alwaysAllowed = 10;
const defaultShare = 0.1;
const shownProblems = 5;

export interface QuotaProblem {
  readonly model: string;
  readonly id: string | null;
  readonly path: string;
  readonly message: string;
}

/** How many records of a run may go to quarantine. */
export interface QuarantineQuota {
  /** @param problem what is wrong with the record, for the error; undefined: nothing */
  count(problem?: QuotaProblem): void;
  /** @throws TenonError `quarantine_exceeded` when too many of the records so far are invalid */
  checkPage(): void;
  /** As `checkPage`, and when all of the run's records are invalid. */
  checkEnd(): void;
}

/** For what is no enumeration: an event, a replay. Whatever is invalid goes to quarantine. */
export const noQuota: QuarantineQuota = {
  count: () => undefined,
  checkPage: () => undefined,
  checkEnd: () => undefined,
};

/** @param share of the records read, 0 to 1; default 0.1 */
export function createQuarantineQuota(share: number = defaultShare): QuarantineQuota {
  let read = 0;
  let invalid = 0;
  const problems: QuotaProblem[] = [];
  const fail = (): never => {
    const [first] = problems;
    const example = first && ` ${first.model} ${first.id ?? 'without an id'}: ${first.path}: ${first.message}.`;
    throw new TenonError(
      'quarantine_exceeded',
      `${invalid} of ${read} records are not what their models say; the sync allows ${Math.round(share * 1_000) / 10} %.${example ?? ''}`,
      {
        hint: 'Correct the model or the mapping, or allow more with `quarantine: { share }`.',
        details: { read, quarantined: invalid, share, problems },
      },
    );
  };
  const checkPage = (): void => {
    if (invalid > alwaysAllowed && invalid > share * read) fail();
  };
  return {
    count(problem) {
      read += 1;
      if (!problem) return;
      invalid += 1;
      if (problems.length < shownProblems) problems.push(problem);
    },
    checkPage,
    checkEnd() {
      checkPage();
      if (invalid > 0 && invalid === read && share < 1) fail();
    },
  };
}
