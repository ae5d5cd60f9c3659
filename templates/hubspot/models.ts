import { z } from '@tenon/runtime';

export const Contact = z.object({
  id: z.string(),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  phone: z.string().nullable(),
  jobTitle: z.string().nullable(),
  lifecycleStage: z.string().nullable().describe('Internal name, such as lead or customer.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const Company = z.object({
  id: z.string(),
  name: z.string().nullable(),
  domain: z.string().nullable(),
  industry: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  employees: z.number().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
