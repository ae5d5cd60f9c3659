export { TenonError, type TenonErrorOptions } from './tenon-error.ts';
export { errorRegistry, isErrorCode, type ErrorCode } from './registry.ts';
export { exitCodes, type ErrorDefinition } from './error-definition.ts';
export { exitMeanings } from './exit-meanings.ts';
