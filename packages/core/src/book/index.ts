export type { BookRequest, Budget, IntentBook, Reservation, ReserveOptions, Ticket } from './contract.ts';
