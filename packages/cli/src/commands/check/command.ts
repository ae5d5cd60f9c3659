import type { ConfigureCommand } from '../command-list.ts';

export const configureCheck: ConfigureCommand = () => {};
