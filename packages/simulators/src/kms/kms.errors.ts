/** An error of AWS KMS as it travels: its name in `__type`, and the status that KMS gives it. */
export class KmsError extends Error {
  readonly type: string;
  readonly status: 400 | 500;

  constructor(type: string, message: string, status: 400 | 500 = 400) {
    super(message);
    this.name = "KmsError";
    this.type = type;
    this.status = status;
  }
}

/** What the fault switches of the simulator answer with. */
export const faultErrors: Record<string, () => KmsError> = {
  throttled: () => new KmsError("ThrottlingException", "Rate exceeded"),
  access_denied: () =>
    new KmsError("AccessDeniedException", "User is not authorized to perform this operation on this resource"),
  internal: () => new KmsError("KMSInternalException", "An internal error occurred", 500),
};
