/** JSON that is written already: it is sent as it is, past the serialiser. */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
