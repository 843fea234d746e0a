/** The remote unit of work: plain data without credentials, to be stored, queued and resumed anywhere. */
export interface Job {
  readonly provider: string;
  readonly modelId: string;
  readonly id: string;
  /** Epoch milliseconds of the submit, where known. */
  readonly submittedAt?: number;
  /** The base URL at which it was accepted; it is asked about nowhere else. Where it is not known, it is asked about anywhere. */
  readonly origin?: string;
}
