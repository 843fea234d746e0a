import { type GenerateImageResult, generateImage, ImageError, type MaxCost } from '@imageport/core';
import type { Budget, Reservation, Ticket } from '@imageport/core/book';
import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { confirmCost } from '../confirm.ts';
import type { Door, ToolCall } from '../door.ts';
import { toAnswer } from '../made.ts';
import type { SavedPicture } from '../node/pictures.ts';
import { entriesOf, type Price, priceOf, showPrice } from '../price.ts';
import { reportProgress } from '../progress.ts';
import { type Asked, type ToolInput, toAsked } from '../request.ts';
import { refuse, resumable, toErrorResult } from '../to-error.ts';
import { findKept } from './kept.ts';
import { refuseForeign } from './own.ts';

type Answer = CallToolResult | InputRequiredResult;

/** `generate_image` and `edit_image`: asks what it costs, makes it once, saves it. */
export async function makeImage(door: Door, input: ToolInput, call: ToolCall): Promise<Answer> {
  const asked = await toAsked(door, input);
  await refuseForeign(door, asked.intentId);
  const kept = await findKept(door, asked.intentId);
  if (kept) return toAnswer(door, kept);
  const price = await priceOf(asked.options);
  const { fingerprint, intentId, options } = asked;
  const ticket = await door.settings.book.take({ scope: door.scope, fingerprint, n: options.n, intentId });
  const work: Work = { door, asked, price, ticket, call };
  const agreement = await agree(work).catch((error: unknown) => {
    ticket.failed(error);
    throw error;
  });
  if ('refused' in agreement) {
    ticket.failed(unpaid);
    return agreement.refused;
  }
  return door.track(send(work, agreement.reservation));
}

interface Work {
  readonly door: Door;
  readonly asked: Asked;
  readonly price: Price;
  readonly ticket: Ticket;
  readonly call: ToolCall;
}

/** What a ticket is given back with. */
const unpaid = new ImageError({
  ...{ code: 'unsupported', message: 'nothing was sent', billed: 'no', stage: 'prepare' },
});

type Agreement = { readonly refused: Answer } | { readonly reservation: Reservation | undefined };

/** Nothing is sent before the user has agreed to the price, where that is wanted, and the budget has it. */
async function agree({ door, asked, price, ticket, call }: Work): Promise<Agreement> {
  const { settings, scope, codec } = door;
  const { budget, confirmAbove, book } = settings;
  const { intentId } = ticket;
  // What somebody has agreed to already costs nothing more; a request beside this one may still be asking.
  if (!ticket.replayed || ticket.isUnderWay) {
    const question = { intentId, fingerprint: asked.fingerprint, price: showPrice(price) };
    const { maxCost } = asked;
    const refused = await confirmCost({ question, price, limit: confirmAbove, maxCost }, { ...call, codec });
    if (refused) return { refused };
  }
  if (!budget || ticket.wasDelivered) return { reservation: undefined };
  const amounts = withinCurrencies(price.amounts, budget);
  if (!amounts) return { refused: overBudget(outside(price, budget)) };
  const reservation = await book.reserve(scope, amounts, { budget, intentId });
  if (typeof reservation !== 'string') return { reservation };
  return { refused: ticket.replayed ? overBudget(reservation, intentId) : overBudget(reservation) };
}

/** Models of a route that are priced in another currency, or have no listed price, are not asked: the call may spend what was put aside. */
function withinCurrencies(amounts: MaxCost, budget: Budget): MaxCost | undefined {
  const named = entriesOf(amounts).filter(([currency]) => budget[currency] !== undefined);
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}

const outside = (price: Price, budget: Budget): string =>
  `it costs ${showPrice(price)}, and the budget is in ${entriesOf(budget)
    .map(([currency]) => currency)
    .join(' and ')}`;

/** What is paid already is fetched without the budget. */
const overBudget = (message: string, paid?: string): CallToolResult =>
  refuse({
    ...{ code: 'over_budget', message, billed: paid === undefined ? 'no' : 'unknown' },
    ...(paid === undefined ? { next: 'Tell the user; nothing was sent.' } : { next: resumable, intent_id: paid }),
  });

/** Makes the pictures, saves each, and only then says that the caller has them. */
async function send(work: Work, reservation: Reservation | undefined): Promise<CallToolResult> {
  const { door, asked, ticket, call } = work;
  const { ledger, wait } = door.settings;
  const { intentId } = ticket;
  const saved: SavedPicture[] = [];
  await door.pictures.begin(intentId);
  const { signal: left } = call.ctx.mcpReq;
  // Who leaves stops no job: it is paid, and waits for the next equal request.
  const onLeft = (): void => ticket.orphaned();
  if (left.aborted) onLeft();
  left.addEventListener('abort', onLeft, { once: true });
  try {
    const result = await generateImage({
      ...asked.options,
      ...{ ledger, intentId, acknowledge: 'manual', timeout: wait, signal: door.closing },
      maxCost: mostOf(work, reservation),
      onEvent: reportProgress(call.ctx),
      deliver: saveEach(door, saved),
    });
    await reservation?.settle(result.cost);
    return await toResult(work, result, saved);
  } catch (error) {
    ticket.failed(error);
    return await toFailure(work, error, { saved, reservation });
  } finally {
    left.removeEventListener('abort', onLeft);
  }
}

/** The least of what the caller, the user and the budget allow, in the currencies that all of them name. */
function mostOf({ door, asked, price }: Work, reservation: Reservation | undefined): MaxCost | undefined {
  const agreed = door.settings.confirmAbove === undefined || price.isUnknown ? undefined : price.amounts;
  const caps = [asked.maxCost, agreed, reservation?.maxCost].filter((cap) => cap !== undefined);
  if (caps.length === 0) return undefined;
  const amounts = currencies
    .filter((currency) => caps.every((cap) => cap[currency] !== undefined))
    .map((currency) => [currency, Math.min(...caps.map((cap) => cap[currency] ?? 0))]);
  return amounts.length > 0 ? Object.fromEntries(amounts) : { USD: 0 };
}

const currencies = ['USD', 'credit'] as const;

/** A job can make several pictures: they are numbered within it. */
export function saveEach({ pictures }: Door, saved: SavedPicture[]) {
  const counts = new Map<string, number>();
  return async (image: Parameters<Door['pictures']['save']>[0], { intentId }: { readonly intentId: string }) => {
    const place = (counts.get(intentId) ?? 0) + 1;
    counts.set(intentId, place);
    saved.push(await pictures.save(image, intentId, place));
  };
}

async function toResult(
  { door, ticket, call }: Work,
  { cost, warnings, failures }: GenerateImageResult,
  saved: readonly SavedPicture[],
): Promise<CallToolResult> {
  const { intentId } = ticket;
  const unfinished = failures.find(isUnfinished);
  const told = [...warnings, ...failures.map((each) => `a picture is missing: ${each.code}`)];
  const made = { intentId, saved, cost, warnings: told, isUnfinished: unfinished !== undefined };
  const result = await toAnswer(door, made);
  if (unfinished) ticket.failed(unfinished);
  else if (!call.ctx.mcpReq.signal.aborted) await ticket.delivered().catch(handedOverAgain);
  return result;
}

/** The ledger cannot be written: the pictures stay open, and are saved, so the next equal request gets them for nothing. */
const handedOverAgain = (): undefined => undefined;

interface Ended {
  readonly saved: readonly SavedPicture[];
  readonly reservation: Reservation | undefined;
}

async function toFailure(
  { door, ticket }: Work,
  error: unknown,
  { saved, reservation }: Ended,
): Promise<CallToolResult> {
  const { intentId } = ticket;
  if (!ImageError.is(error)) return toErrorResult(error, intentId);
  if (isUnfinished(error)) {
    return toAnswer(door, { intentId, saved, cost: { source: 'unknown' }, warnings: [], isUnfinished: true });
  }
  const costs = error.attempts.filter(({ billed }) => billed !== 'no').map(({ cost }) => cost);
  if (error.billed === 'no') await reservation?.release();
  else await reservation?.settle(...costs);
  return toErrorResult(error, intentId);
}

/** The time was over, or the download failed: the job is paid, or may be, and `resume` goes on with it. */
export const isUnfinished = (error: ImageError): boolean =>
  error.billed !== 'no' && (error.code === 'timeout' || (error.stage === 'download' && error.resumable));
