/** What the sandbox serves. Times are ISO 8601 in UTC. */
export interface Issue {
  id: string;
  number: number;
  project: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
  /** Login of a user, or null. */
  assignee: string | null;
  priority: 'low' | 'normal' | 'high' | 'urgent';
  comments: number;
  createdAt: string;
  updatedAt: string;
}

export interface User {
  id: string;
  login: string;
  name: string;
  email: string;
}

export interface Contact {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string | null;
  companyId: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Company {
  id: string;
  name: string;
  domain: string;
  industry: string;
  employees: number;
  createdAt: string;
  updatedAt: string;
}

export interface ItemsByKind {
  issues: Issue;
  contacts: Contact;
  companies: Company;
}
export type Kind = keyof ItemsByKind;
