import type { Output } from '../output/output.ts';

export interface MenuChoice {
  readonly label: string;
  choose(): Promise<void>;
}

const escape = '\u001B';
const backspace = '\u007F';

/** Asks with keys, in a terminal whose keys are read one by one: up to nine choices take one key, more take a number. */
export class KeyMenu {
  readonly #output: Output;
  #choices: readonly MenuChoice[] = [];
  #all: (() => Promise<void>) | undefined;
  #typed = '';

  constructor(output: Output) {
    this.#output = output;
  }

  get isOpen(): boolean {
    return this.#choices.length > 0;
  }

  /** @param all what `a` does, if it does anything */
  open(question: string, choices: readonly MenuChoice[], all?: () => Promise<void>): void {
    const { colors } = this.#output;
    this.#choices = choices;
    this.#all = all;
    this.#typed = '';
    const width = String(choices.length).length;
    this.#output.line(question);
    for (const [index, { label }] of choices.entries()) {
      this.#output.line(`  ${colors.cyan(String(index + 1).padStart(width))} ${label}`);
    }
    const ways = [this.#isLong ? 'number and Enter' : 'number', ...(all ? ['a all'] : []), 'Esc none'];
    this.#output.line(`  ${colors.dim(ways.join(' · '))}`);
  }

  /** What a key does while the menu is open; nothing for one that means nothing here. */
  async press(key: string): Promise<void> {
    if (key === escape || key === 'q') return this.close();
    if (key === 'a' && this.#all !== undefined) return this.#end(this.#all);
    if (key === '\r' || key === '\n') return this.#pick(Number(this.#typed));
    if (key === backspace) this.#typed = this.#typed.slice(0, -1);
    if (!/^\d$/.test(key)) return;
    if (!this.#isLong) return this.#pick(Number(key));
    this.#typed += key;
  }

  close(): void {
    this.#choices = [];
    this.#all = undefined;
  }

  get #isLong(): boolean {
    return this.#choices.length > 9;
  }

  async #pick(number: number): Promise<void> {
    const choice = this.#choices[number - 1];
    this.#typed = '';
    if (choice !== undefined) await this.#end(() => choice.choose());
  }

  async #end(work: () => Promise<void>): Promise<void> {
    this.close();
    await work();
  }
}
