import { OperatorError } from "../errors/operator.error.ts";

/** A setting that stops the start. `message` is one line: the variable, what was given (never a secret), what is allowed. */
export class ConfigError extends OperatorError {
  readonly variable: string;

  constructor(variable: string, message: string) {
    super(message);
    this.name = "ConfigError";
    this.variable = variable;
  }
}
