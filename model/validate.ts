/** Turns unknown data into typed data, or into an `InputError` that says where it is wrong. */
import * as v from 'valibot';
import { InputError } from './input-error.ts';

/** Checks `value` against `schema`. @throws InputError naming `source` and the path of the first problem */
export function validate<T>(schema: v.GenericSchema<unknown, T>, value: unknown, source: string): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  throw new InputError(source, path === null ? issue.message : `${path}: ${issue.message}`);
}

/** Parses JSON text and checks it against `schema`. @throws InputError */
export function validateJson<T>(schema: v.GenericSchema<unknown, T>, text: string, source: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(source, 'is not valid JSON');
  }
  return validate(schema, value, source);
}
