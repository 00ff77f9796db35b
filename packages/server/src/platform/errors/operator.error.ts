/**
 * Something that whoever runs the server did or has to mend. `message` is one line for a person, printed as it is and
 * without a stack; commands end with the exit code 1.
 */
export class OperatorError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OperatorError";
  }
}
