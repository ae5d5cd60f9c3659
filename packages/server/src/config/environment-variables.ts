import { z } from 'zod';

const keyBytes = 32;

/** Numbers arrive as text, and "" must not read as 0. */
function wholeNumber(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}

/**
 * Every environment variable that the server reads; docs/configuration lists them from here. A variable that is set
 * to nothing counts as absent, as compose files and CI systems write it.
 */
export const environmentVariablesSchema = z.object({
  TENON_PORT: wholeNumber(0, 65_535).default(4600).describe('Port to listen on; 0 takes a free one.'),
  TENON_HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every interface.'),
  TENON_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'expected an address such as https://tenon.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'Where browsers reach this server: the redirect address that is registered with providers begins with it. Absent: the address it listens on.',
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected an address such as postgres://user:password@host:5432/tenon')
    .optional()
    .describe('Postgres 14 or later; absent: an embedded one in the data directory.'),
  TENON_DATABASE_SESSIONS: wholeNumber(4, 500)
    .optional()
    .describe(
      'Most sessions of this process with Postgres; absent: two for each worker process and eight more, at most 40. All servers together have to stay below its max_connections.',
    ),
  TENON_DATA_DIRECTORY: z
    .string()
    .default('./.tenon')
    .describe('Where the embedded database, generated keys and server.json live.'),
  TENON_ENCRYPTION_KEY: z
    .base64()
    .refine((text) => Buffer.from(text, 'base64').length === keyBytes, 'expected 32 bytes in base64')
    .optional()
    .describe(
      'Encrypts credentials at rest: 32 bytes in base64 (openssl rand -base64 32). Required in production; otherwise generated once into the data directory.',
    ),
  TENON_ENCRYPTION_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .pipe(
      z.array(
        z
          .base64()
          .refine(
            (text) => Buffer.from(text, 'base64').length === keyBytes,
            'expected 32 bytes in base64 each, separated by commas',
          ),
      ),
    )
    .optional()
    .describe(
      'Earlier values of TENON_ENCRYPTION_KEY, separated by commas: they only decrypt. Needed for one start after a change of it.',
    ),
  TENON_API_KEY: z
    .string()
    .min(32, 'expected at least 32 characters')
    .max(200)
    .regex(/^\S+$/, 'expected no spaces')
    .optional()
    .describe("First API key of the environment. Absent: generated once into the data directory's file api-key."),
  TENON_ENVIRONMENT: z
    .string()
    .max(100)
    .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes, starting with a letter')
    .default('dev')
    .describe('Environment that is created at the start and that the first API key belongs to.'),
  TENON_WORKERS: wholeNumber(1, 256)
    .optional()
    .describe('Most worker processes at a time, one run in each; absent: twice the processor cores, at least 4.'),
  TENON_WORKER_MEMORY_MB: wholeNumber(64, 65_536).default(256).describe('Memory that one run may use, in megabytes.'),
  TENON_ALLOW_PRIVATE_ADDRESSES: z
    .enum(['true', 'false'], 'expected true or false')
    .transform((text) => text === 'true')
    .optional()
    .describe(
      'Whether requests to providers may go to this machine and to private networks: true or false; absent: true, in production false.',
    ),
  TENON_TRUST_PROXY: z
    .string()
    .regex(
      /^(true|false|\d{1,2}|[\da-fA-F.:]+(\/\d{1,3})?(\s*,\s*[\da-fA-F.:]+(\/\d{1,3})?)*)$/,
      'expected true, false, a number of proxies, or their addresses such as 10.0.0.0/8',
    )
    .transform((text) => {
      if (text === 'true' || text === 'false') return text === 'true';
      return /^\d+$/.test(text) ? Number(text) : text.split(',').map((part) => part.trim());
    })
    .default(false)
    .describe(
      'Which proxies may name the address of a client in X-Forwarded-For, for the audit log and the limits: false (none), the number of proxies in front of the server, their addresses, or true (whoever calls).',
    ),
  TENON_RATE_LIMIT: wholeNumber(0, 1_000_000)
    .default(5_000)
    .describe('Requests a second that one API key may make, with bursts of twice as many; 0: no limit.'),
  TENON_AUDIT_DAYS: wholeNumber(1, 36_500).default(365).describe('How long the audit log is kept, in days.'),
  TENON_HISTORY_DAYS: wholeNumber(0, 36_500)
    .default(30)
    .describe(
      'How long earlier versions of records are kept, in days, for their history and for undoing runs; 0: none are, which makes storing changes faster.',
    ),
  TENON_RUN_DAYS: wholeNumber(1, 36_500)
    .default(30)
    .describe('How long finished runs are kept, in days; the last one of each sync stays.'),
  TENON_LOG_DAYS: wholeNumber(1, 36_500)
    .default(14)
    .describe('How long the logs of runs are kept, in days, if their run is.'),
  TENON_CAPTURE_DAYS: wholeNumber(0, 36_500)
    .default(7)
    .describe(
      "How long what runs that failed had met (requests and answers, redacted, with their customers' data) is kept, encrypted, in days, if their run is; 0: nothing is captured.",
    ),
  TENON_DELETED_RECORD_DAYS: wholeNumber(1, 36_500)
    .default(90)
    .describe('How long deleted records are kept, in days: a reader of changes who stays away longer starts over.'),
  TENON_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least severe level to log, as JSON lines on standard output.'),
  NODE_ENV: z
    .string()
    .optional()
    .describe('`production` refuses to start with generated encryption keys, and requests to private addresses.'),
});

export type EnvironmentVariables = z.infer<typeof environmentVariablesSchema>;
