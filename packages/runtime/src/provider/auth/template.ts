import { z } from 'zod';

/** A text whose `${namespace.field}` parts are filled when it is used; see `interpolate`. */
export const template = z.string().min(1);

/** Dots and underscores are in RFC 9110's tokens, and in Walmart's WM_SEC.AUTH_SIGNATURE. */
export const headerName = z.string().regex(/^[a-z0-9._-]+$/, 'a header name in lower case');

/** Name of a field, as templates write it after the dot. */
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a name in camel case');

/** Parameters of a request, by name. */
export const parameters = z.record(z.string(), template).default({});

/** Where a value lies in a JSON document: names and list positions, dot-separated. */
export const path = z.string().min(1);
