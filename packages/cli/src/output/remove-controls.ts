/** A sequence that sets colours and weight (ECMA-48 section 8.3.117), kept; or something else that controls a terminal. */
const controls =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /(\u001B\[[\d;]*m)|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)|\u001B\[[\d;?<=>!]*[ -/]*[@-~]|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Takes out of a text what would move the cursor, name the window, fill the clipboard or turn the direction of reading:
 * names of customers and messages of providers come from people who are not this terminal's. Colours, line breaks and
 * tabs stay.
 */
export function removeControls(text: string): string {
  return text.replaceAll(controls, (_whole, colour: string | undefined) => colour ?? '');
}
