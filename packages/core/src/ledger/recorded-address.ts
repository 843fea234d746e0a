/** Whether what was recorded names this base URL; records of earlier versions name its scheme, host and port alone. */
export const isRecordOf = (recorded: string, address: string): boolean =>
  recorded === address || recorded === new URL(address).origin;
