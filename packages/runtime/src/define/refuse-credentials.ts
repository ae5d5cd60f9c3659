import { TenonError } from '../errors/tenon-error.ts';

/**
 * For hooks: says that the provider refuses what the customer gave, so that the connection fails and the customer is
 * asked to connect again. Any other error of a hook counts as a fault of the hook, which customers need not hear of.
 * @param message what the provider said, without secrets
 * @throws TenonError `provider_unauthorized`, always
 */
export function refuseCredentials(message: string): never {
  throw new TenonError('provider_unauthorized', message, {
    hint: 'The customer has to connect again, with credentials that the provider takes.',
  });
}
