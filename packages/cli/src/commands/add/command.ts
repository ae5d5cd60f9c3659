import type { ConfigureCommand } from '../command-list.ts';

export const configureAdd: ConfigureCommand = () => {};
