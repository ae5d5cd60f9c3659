import { TenonError } from '../errors/tenon-error.ts';

/** @param host as it was written, or the address that it leads to */
export function refuseAddress(host: string): TenonError {
  return new TenonError('provider_address_refused', `${host} is an address of a private network or of this machine.`, {
    hint: 'Set TENON_ALLOW_PRIVATE_ADDRESSES=true on the server if this provider is meant to be there.',
    details: { host },
  });
}
