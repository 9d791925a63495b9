/** The closed list of ways a verb may fail; the transport maps each to one status. */
export const domainCodes = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'invalid',
  'precondition',
  'rate_limited',
  'upstream',
  'step_up',
] as const;

export type DomainCode = (typeof domainCodes)[number];

/** One fault in one named field of an input, with the remedy in the message. */
export interface FieldError {
  /** Path as the sender wrote it, e.g. `points[3].good`. */
  field: string;
  message: string;
}

/** What proves a person again before a dangerous act; only with `step_up`. */
export interface StepUpDemand {
  /** Hash of the act (procedure and input), hex; the proof is good for it alone. */
  act: string;
  /** What the person can prove themselves with. */
  methods: readonly ('totp' | 'passkey' | 'recovery' | 'password')[];
}

/** A failure the caller may see. Its message names what is wrong and what to do. */
export class DomainError extends Error {
  readonly code: DomainCode;
  readonly fields: readonly FieldError[];
  /** Seconds until a retry makes sense; only with `rate_limited`. */
  readonly retryAfterSeconds: number | undefined;
  readonly stepUp: StepUpDemand | undefined;

  constructor(
    code: DomainCode,
    message: string,
    options: {
      cause?: unknown;
      fields?: readonly FieldError[];
      retryAfterSeconds?: number;
      stepUp?: StepUpDemand;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.stepUp = options.stepUp;
  }
}
