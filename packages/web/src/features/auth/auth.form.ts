import { FoyerError } from "@foyer/client";
import { errorText } from "../../ui/error.text.ts";
import { authTexts } from "./auth.texts.ts";

/** Words under the fields, by field, and one line over the form for what belongs to no field. */
export interface FormErrors {
  form?: string;
  fields: Record<string, string>;
}

/** Checks what was typed for signing up; the server has the last word. */
export function checkSignUp(values: { handle: string; password: string; email: string }): FormErrors {
  const fields: Record<string, string> = {};
  if (!/^[a-z0-9](?:[a-z0-9_.-]{0,30}[a-z0-9])$/.test(values.handle.trim().toLowerCase())) {
    fields["handle"] = authTexts.handleWrong;
  }
  if (values.password.length < 8) fields["password"] = authTexts.passwordShort;
  if (values.email !== "" && !/^\S+@\S+\.\S+$/.test(values.email)) fields["email"] = authTexts.emailWrong;
  return { fields };
}

/** Checks what was typed for signing in. */
export function checkSignIn(values: { login: string; password: string }): FormErrors {
  const fields: Record<string, string> = {};
  if (values.login.trim() === "") fields["login"] = authTexts.loginEmpty;
  if (values.password === "") fields["password"] = authTexts.passwordEmpty;
  return { fields };
}

/** True when nothing is wrong. */
export function isClean(errors: FormErrors): boolean {
  return errors.form === undefined && Object.keys(errors.fields).length === 0;
}

const fieldOfCode: Record<string, string> = { "account.handle_taken": "handle", "account.email_taken": "email" };

/** Sorts a refusal of the server to the fields that it is about. */
export function refusal(error: unknown): FormErrors {
  const text = errorText(error);
  if (!(error instanceof FoyerError)) return { form: text, fields: {} };
  if (error.code === "rate.limited") return { form: authTexts.tooFast(error.retryAfter ?? 1), fields: {} };
  const field = fieldOfCode[error.code];
  if (field !== undefined) return { fields: { [field]: text } };
  const fields: Record<string, string> = {};
  for (const wrong of error.fields ?? []) {
    const name = wrong.path.split(/[./]/).at(-1) ?? "";
    fields[name] = wordsFor(name, wrong.message);
  }
  return Object.keys(fields).length > 0 ? { fields } : { form: text, fields: {} };
}

function wordsFor(field: string, message: string): string {
  if (field === "handle") return authTexts.handleWrong;
  if (field === "password") return authTexts.passwordShort;
  if (field === "email") return authTexts.emailWrong;
  return message;
}
