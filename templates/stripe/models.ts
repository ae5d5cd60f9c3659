import { z } from '@tenon/runtime';

export const Customer = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  description: z.string().nullable(),
  currency: z.string().nullable().describe('ISO 4217 in lower case; null: never charged.'),
  balance: z.number().int().describe("In the currency's smallest unit; negative: a credit."),
  isDelinquent: z.boolean(),
  isLive: z.boolean().describe('False: made in test mode.'),
  createdAt: z.iso.datetime(),
});

export const Invoice = z.object({
  id: z.string(),
  number: z.string().nullable().describe('Given when the invoice is finalised.'),
  customerId: z.string().nullable(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).nullable(),
  currency: z.string().describe('ISO 4217 in lower case.'),
  total: z.number().int().describe("In the currency's smallest unit, as all amounts."),
  amountDue: z.number().int(),
  amountPaid: z.number().int(),
  amountRemaining: z.number().int(),
  dueAt: z.iso.datetime().nullable(),
  url: z.string().nullable().describe('Where the customer pays it.'),
  createdAt: z.iso.datetime(),
});
