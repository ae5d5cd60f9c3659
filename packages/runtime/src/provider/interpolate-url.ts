import { TenonError } from '../errors/tenon-error.ts';
import { interpolate, type InterpolationValues } from './interpolate.ts';

/** What may stand in a host: a customer's "subdomain" must not be able to send the credentials elsewhere. */
const hostPart = /^[A-Za-z0-9.-]+(:\d{1,5})?$/;

/**
 * Fills a template that is an address or a path. A value in the host may only be (part of) a host name, one in the
 * path or query is percent-encoded, and one that begins the template may be an address itself (a self-hosted API).
 * @throws TenonError `interpolation_failed`
 */
export function interpolateUrl(template: string, values: InterpolationValues): string {
  const [whole, scheme = ''] = /^([^:/?#]*:\/\/)[^/?#]*/.exec(template) ?? [''];
  const hostStart = scheme.length;
  const hostEnd = whole.length;
  return interpolate(template, values, (value, { name, offset }) => {
    if (offset === 0) return value.replace(/\/+$/, '');
    if (offset < hostStart || offset >= hostEnd) return encodeURIComponent(value);
    if (!hostPart.test(value)) {
      throw new TenonError('interpolation_failed', `${name} does not fit into the host of "${template}".`, {
        hint: 'Expected letters, digits, dots and dashes only.',
        details: { template, name },
      });
    }
    return value;
  });
}
