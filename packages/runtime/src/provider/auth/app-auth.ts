import { z } from 'zod';
import { captureSchema } from './capture.ts';
import { signedTokenSchema } from './signed-token.ts';
import { parameters, template } from './template.ts';
import { tokenAnswerSchema } from './token-answer.ts';

/**
 * The customer installs an app; the app then makes tokens for the installation with a key of its own (GitHub Apps).
 * The redirect back names the installation, and anybody can write that redirect: `ownership` has the customer sign in
 * and looks whether the installation is among theirs.
 */
export const appAuthSchema = z.strictObject({
  mode: z.literal('app'),
  installUrl: template,
  stateParameter: z.string().default('state'),
  assertion: signedTokenSchema.describe('Proves the app: sent as Bearer to the token URL.'),
  tokenUrl: template.describe('Makes a token of the installation; asked with POST.'),
  tokenParameters: parameters.describe('Of the JSON body.'),
  answer: tokenAnswerSchema.prefault({}),
  capture: captureSchema,
  ownership: z
    .strictObject({
      tokenUrl: template.describe("Exchanges the redirect's `code` for a token of the user (RFC 6749 section 4.1.3)."),
      url: template.describe("Lists the user's installations, asked with that token."),
      ids: z.string().describe('Path of the ids in the answer; `*` stands for each item of a list.'),
      equals: template.describe('What must be among them, such as ${connection.installationId}.'),
    })
    .optional(),
});
