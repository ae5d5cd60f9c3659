import { TenonError } from '@tenon/runtime/errors';

/** Whoever wants to replace the credentials of a borrowed connection has to do it where they are. */
export function connectionBorrowed(
  { integration, name }: { readonly integration: string; readonly name: string },
  lender: string,
): TenonError {
  return new TenonError('connection_borrowed', `The connection ${name} of ${integration} is borrowed from ${lender}.`, {
    hint: `Connect it again in ${lender}. For an account of the preview's own, delete it here first (\`tenon connections delete\` leaves the one in ${lender} alone), or take another name.`,
    details: { integration, connection: name, borrowedFrom: lender },
  });
}
