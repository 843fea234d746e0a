export { type AcknowledgeImagesOptions, acknowledgeImages } from './acknowledge.ts';
export { createIntentBook, type IntentBookOptions } from './book.ts';
export type { BookRequest, Budget, IntentBook, Reservation, ReserveOptions, Ticket } from './contract.ts';
export { fingerprintOf } from './fingerprint.ts';
export { type BookStore, createMemoryBookStore, type Stored } from './store.ts';
