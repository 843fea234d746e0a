/** Milliseconds on the machine's monotonic clock, which every process reads alike. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;
