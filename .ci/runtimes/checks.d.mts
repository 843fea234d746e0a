/** Runs every check. `problem`: why one failed. */
export declare function runChecks(): Promise<{ readonly name: string; readonly problem?: string | undefined }[]>;
