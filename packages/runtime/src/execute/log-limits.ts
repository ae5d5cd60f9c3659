/** What one run may log; the worker keeps to it and the server enforces it. Lengths are in UTF-16 units. */
export const logLimits = { entries: 5_000, messageLength: 10_000, dataLength: 20_000, totalLength: 2_000_000 } as const;
