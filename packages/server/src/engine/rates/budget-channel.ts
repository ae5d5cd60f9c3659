/** Says that a limit was learned; the payload is the budget's key. */
export const budgetChannel = 'tenon_rate_budgets';
