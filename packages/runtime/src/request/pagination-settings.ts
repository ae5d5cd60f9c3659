import type { NextPage, PaginateOptions } from '../define/script-requests.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { paginationSchema, type Pagination, type Provider } from '../provider/provider-schema.ts';

/**
 * The provider's pagination with the call's own on top; a call that names another style stands alone.
 * @throws TenonError `provider_request_invalid`
 */
export function mergePagination(provider: Provider, own: Exclude<PaginateOptions['pagination'], NextPage>): Pagination {
  const usual = provider.pagination;
  if (!own && usual) return requireConnection(usual);
  if (!own) {
    throw new TenonError('provider_request_invalid', `${provider.displayName} has no default pagination.`, {
      hint: "Give paginate() a pagination option, such as { style: 'link' }.",
    });
  }
  const sameStyle = usual && (own.style === undefined || own.style === usual.style);
  const parsed = paginationSchema.safeParse(sameStyle ? { ...usual, ...own } : own);
  if (parsed.success) return requireConnection(parsed.data);
  const problems = parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '));
  throw new TenonError('provider_request_invalid', `The pagination option cannot be used: ${problems.join('; ')}.`, {
    hint: "Name a style ('link', 'cursor', 'offset' or 'graphql') and its parameters.",
    details: { problems },
  });
}

/** A provider's default leaves it to the calls: every query has its own. */
function requireConnection(pagination: Pagination): Pagination {
  if (pagination.style !== 'graphql' || pagination.connection !== undefined) return pagination;
  throw new TenonError('provider_request_invalid', 'The pagination does not say where the connection is.', {
    hint: "Give paginate() the path of what has nodes and pageInfo: pagination: { connection: 'data.issues' }.",
  });
}
