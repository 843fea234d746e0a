/** The remote unit of work: plain data without credentials, to be stored, queued and resumed anywhere. */
export interface Job {
  readonly provider: string;
  readonly modelId: string;
  readonly id: string;
  /** Epoch milliseconds of the submit, where known. */
  readonly submittedAt?: number;
  /** Scheme, host and port of the address that accepted it; it is asked about nowhere else. Absent in old records. */
  readonly origin?: string;
}
