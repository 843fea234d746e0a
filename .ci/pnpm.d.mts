export function pnpm(args: readonly string[]): number;
