/** Hands out names that are unique in one scope, the same ones for the same questions in the same order. */
export class NameAllocator {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved);
  }

  /**
   * Takes the wanted name, or else the name with the suffix, or else with the suffix and a number.
   * @param suffix says what the thing is, such as `Model`
   */
  allocate(wanted: string, suffix: string): string {
    const safe = /^[A-Za-z_$]/.test(wanted) ? wanted : `_${wanted}`;
    let name = safe;
    for (let round = 1; this.#taken.has(name); round++) name = `${safe}${suffix}${round === 1 ? '' : round}`;
    this.#taken.add(name);
    return name;
  }
}
