import type { en } from './en.ts';

/** Every text of the page. English has the keys; a language that lacks one does not compile. */
export type Messages = Readonly<Record<keyof typeof en, string>>;
export type MessageKey = keyof Messages;
