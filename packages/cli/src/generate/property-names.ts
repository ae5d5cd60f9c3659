import { TenonError } from '@tenon/runtime/errors';

/** What every object has or is asked for, `then` by every `await`. */
const always = ['constructor', 'then', 'toString', 'valueOf', 'toJSON'];

/** The property names of one generated class. */
export class PropertyNames {
  readonly #owner: string;
  readonly #reserved: ReadonlySet<string>;
  readonly #takenBy = new Map<string, string>();

  /** @param reserved names that the class has already */
  constructor(owner: string, reserved: readonly string[] = []) {
    this.#owner = owner;
    this.#reserved = new Set([...always, ...reserved]);
  }

  /**
   * Takes a property name; one that the class has already gets the suffix.
   * @throws TenonError `definition_duplicate` when two declared names become the same property
   */
  add(wanted: string, as: { what: string; suffix: string }): string {
    const name = this.#reserved.has(wanted) ? wanted + as.suffix : wanted;
    const other = this.#takenBy.get(name);
    if (other !== undefined) {
      throw new TenonError(
        'definition_duplicate',
        `In the SDK, ${this.#owner} would have two properties \`${name}\`: ${other} and ${as.what}.`,
        { hint: 'Rename one of them, so that they differ in more than dashes and capitals.' },
      );
    }
    this.#takenBy.set(name, as.what);
    return name;
  }
}
