import type { Question } from './connection-answers.ts';

/** Asks on the terminal; what is typed for a secret is not shown. */
export async function askQuestions(
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const prompts = await import('@inquirer/prompts');
  const answers: Record<string, string> = {};
  for (const { name, field } of questions) {
    const note = field.description ?? (field.example === undefined ? '' : `such as ${field.example}`);
    const message = note === '' ? field.title : `${field.title} (${note})`;
    const validate = (value: string) => checkAnswer(value, field);
    const answer = field.secret
      ? await prompts.password({ message, mask: '*', validate }, { signal })
      : await prompts.input(
          { message, validate, ...(field.default !== undefined && { default: field.default }) },
          { signal },
        );
    if (answer !== '') answers[name] = answer;
  }
  return answers;
}

function checkAnswer(value: string, field: Question['field']): true | string {
  if (value === '') return field.optional || field.default !== undefined ? true : 'A value is needed.';
  if (field.pattern === undefined || new RegExp(`^(?:${field.pattern})$`, 'u').test(value)) return true;
  return `Expected ${field.example === undefined ? `the form ${field.pattern}` : `a value such as ${field.example}`}.`;
}
