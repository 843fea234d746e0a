export type { Disk } from './disk.ts';
export { createFileBookStore, type FileBookStore } from './file-book-store.ts';
export { createFileLedger, type FileLedger } from './file-ledger.ts';
export type { FileLedgerOptions, LedgerDamage } from './open-ledger.ts';
export { type LedgerFile, readLedgerFile } from './read-ledger-file.ts';
export { type SaveImageOptions, saveImage } from './save-image.ts';
export { type NodeTransportOptions, nodeTransport } from './transport.ts';
