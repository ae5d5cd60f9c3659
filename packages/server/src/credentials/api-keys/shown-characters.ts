/** As many characters of a key as may be shown: the prefix of all keys and four more, of forty-three. */
export const shownCharacters = 8;
