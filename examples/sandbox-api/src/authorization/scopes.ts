/** What an app may ask for, and how the consent page says it. */
export const scopeTexts: Readonly<Record<string, string>> = {
  'issues:read': 'Read issues and users',
  'issues:write': 'Create, change and delete issues',
  'contacts:read': 'Read contacts and companies',
  openid: 'Know who you are',
  offline_access: 'Do so while you are away',
};
