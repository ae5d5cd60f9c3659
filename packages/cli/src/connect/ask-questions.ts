import { matchesPattern } from '@tenon/runtime/provider';
import type { CommandContext } from '../command-context.ts';
import type { Question } from './connection-answers.ts';
import { readAnswerFile } from './read-answer-file.ts';

/** Asks on the terminal; what is typed for a secret is not shown. */
export async function askQuestions(
  questions: readonly Question[],
  { cwd, signal }: Pick<CommandContext, 'cwd' | 'signal'>,
): Promise<Record<string, string>> {
  const prompts = await import('@inquirer/prompts');
  const answers: Record<string, string> = {};
  for (const { name, field } of questions) {
    const message = describeQuestion(field);
    const { default: preset } = field;
    if (field.options) {
      const choices = field.options.map(({ value, title }) => ({ value, name: title }));
      const skipped = field.optional ? [{ value: '', name: '(leave it out)' }] : [];
      const chosen = { message, choices: [...choices, ...skipped], ...(preset !== undefined && { default: preset }) };
      answers[name] = await prompts.select(chosen, { signal });
    } else if (field.multiline) {
      // A terminal's line ends at the first line break of a pasted key.
      const path = await prompts.input(
        { message: `${message}: path of the file`, required: !field.optional && preset === undefined },
        { signal },
      );
      answers[name] = path === '' ? '' : await readAnswerFile(path, cwd);
    } else {
      const validate = (value: string) => checkAnswer(value, field);
      answers[name] = field.secret
        ? await prompts.password({ message, mask: '*', validate }, { signal })
        : await prompts.input({ message, validate, ...(preset !== undefined && { default: preset }) }, { signal });
    }
    if (answers[name] === '') delete answers[name];
  }
  return answers;
}

function describeQuestion({ title, description, example }: Question['field']): string {
  const note = description ?? (example === undefined ? '' : `such as ${example}`);
  return note === '' ? title : `${title} (${note})`;
}

function checkAnswer(value: string, field: Question['field']): true | string {
  if (value === '') return field.optional || field.default !== undefined ? true : 'A value is needed.';
  if (matchesPattern(value, field)) return true;
  return `Expected ${field.example === undefined ? `the form ${field.pattern}` : `a value such as ${field.example}`}.`;
}
