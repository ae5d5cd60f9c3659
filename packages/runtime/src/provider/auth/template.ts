import { z } from 'zod';

/** A text whose `${namespace.field}` parts are filled when it is used; see `interpolate`. */
export const template = z.string().min(1);

export const headerName = z.string().regex(/^[a-z0-9-]+$/, 'a header name in lower case');

/** Name of a field, as templates write it after the dot. */
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a name in camel case');

/** Parameters of a request, by name. */
export const parameters = z.record(z.string(), template).default({});

/** Where a value lies in a JSON document: names and list positions, dot-separated. */
export const path = z.string().min(1);
