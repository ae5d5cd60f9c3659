import type { Company, Contact, User } from './items.ts';
import type { Random } from './random.ts';

// prettier-ignore
const firstNames = ['Ada', 'Bela', 'Chidi', 'Dana', 'Elif', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jun', 'Kofi', 'Lena'] as const;
// prettier-ignore
const lastNames = ['Adeyemi', 'Berg', 'Costa', 'Duran', 'Evans', 'Fischer', 'Garcia', 'Haddad', 'Ito', 'Jansen', 'Kim', 'Lopez'] as const;
const industries = ['software', 'retail', 'logistics', 'health', 'finance', 'education'] as const;
const companyWords = ['North', 'Blue', 'Quick', 'Green', 'Bright', 'Stone', 'River', 'Cloud'] as const;
const companyKinds = ['Foods', 'Freight', 'Labs', 'Media', 'Parts', 'Systems', 'Tools', 'Works'] as const;

export function buildUser(random: Random, index: number): User {
  const first = firstNames[index % firstNames.length] ?? firstNames[0];
  const login = `${first.toLowerCase()}${index + 1}`;
  return { id: `usr_${index + 1}`, login, name: `${first} ${random.pick(lastNames)}`, email: `${login}@example.com` };
}

export interface DatedInput {
  number: number;
  createdAt: Date;
}

export function buildCompany(random: Random, input: DatedInput): Company {
  const name = `${random.pick(companyWords)} ${random.pick(companyKinds)}`;
  const at = input.createdAt.toISOString();
  return {
    id: `com_${input.number}`,
    name,
    domain: `${name.toLowerCase().replace(' ', '-')}-${input.number}.example.com`,
    industry: random.pick(industries),
    employees: 1 + random.below(5_000),
    createdAt: at,
    updatedAt: at,
  };
}

export function buildContact(random: Random, input: DatedInput & { companies: number }): Contact {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  const at = input.createdAt.toISOString();
  return {
    id: `con_${input.number}`,
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${input.number}@example.com`.toLowerCase(),
    phone: random.next() < 0.5 ? `+1555${String(random.below(10_000_000)).padStart(7, '0')}` : null,
    companyId: input.companies > 0 && random.next() < 0.9 ? `com_${1 + random.below(input.companies)}` : null,
    createdAt: at,
    updatedAt: at,
  };
}
