import { createContext, useContext } from 'react';
import { en } from './en.ts';
import { formatMessage } from './format-message.ts';
import type { MessageKey, Messages } from './messages.ts';

export interface TextContext {
  readonly messages: Messages;
  /** How the app is called in the texts. */
  readonly app: string;
}

export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

export const textContext = createContext<TextContext>({ messages: en, app: en.thisApp });

/** Gives the function that says a text in the page's language. */
export function useText(): Translate {
  const { messages, app } = useContext(textContext);
  return (key, values = {}) => formatMessage(messages[key], { app, ...values });
}
