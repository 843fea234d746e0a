import type { MaxCost } from '@imageport/core';
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isWithin, type Price, showPrice } from './price.ts';
import { refuse } from './to-error.ts';

/** What a question was about. It goes to the client and comes back signed, so a yes counts for this very request, and once. */
export interface Question {
  /** The intent that the yes pays for: once its pictures are handed over, the same yes is for nothing. */
  readonly intentId: string;
  /** The request, as a hash. */
  readonly fingerprint: string;
  readonly price: string;
}

export interface Asking {
  readonly question: Question;
  readonly price: Price;
  /** Whether the user has to be asked. */
  readonly limit: MaxCost | undefined;
  /** What the call itself says that it may cost. */
  readonly maxCost: MaxCost | undefined;
}

const key = 'cost';

/** Undefined when the call may go on; else what the tool answers, and nothing is spent. */
export async function confirmCost(
  { question, price, limit, maxCost }: Asking,
  { ctx, server, codec }: { ctx: ServerContext; server: McpServer; codec: RequestStateCodec<Question> },
): Promise<CallToolResult | InputRequiredResult | undefined> {
  if (limit === undefined || isWithin(price, limit)) return undefined;
  if (maxCost !== undefined && isWithin(price, maxCost)) return undefined;
  const asked = ctx.mcpReq.requestState<Question>();
  const answer = inputResponse(ctx.mcpReq.inputResponses, key);
  if (answer.kind === 'elicit' && isSame(asked, question)) {
    if (answer.action === 'accept' && answer.content?.confirm === true) return undefined;
    return declined(price);
  }
  if (!canAsk(ctx, server)) return tellPrice(price, maxCost);
  return inputRequired({
    inputRequests: {
      [key]: inputRequired.elicit({
        message: `This costs up to ${showPrice(price)}. Shall it be made?`,
        requestedSchema: {
          type: 'object',
          properties: {
            confirm: { type: 'boolean', title: 'Make it', description: `Costs up to ${showPrice(price)}` },
          },
          required: ['confirm'],
        },
      }),
    },
    requestState: await codec.mint(question, ctx),
  });
}

const isSame = (one: Question | undefined, other: Question): boolean =>
  one !== undefined &&
  one.intentId === other.intentId &&
  one.fingerprint === other.fingerprint &&
  one.price === other.price;

/** Each request of the newer protocol says what its client can do, a connection of the older one says it once. */
function canAsk({ mcpReq }: ServerContext, { server }: McpServer): boolean {
  const envelope: Readonly<Record<string, unknown>> | undefined = mcpReq.envelope;
  const said = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  const elicitation = (said as ClientCapabilities | undefined)?.elicitation;
  // Without a word on forms and addresses it means forms.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

const declined = (price: Price): CallToolResult =>
  refuse({
    code: 'declined',
    message: `the user did not agree to a cost of up to ${showPrice(price)}`,
    billed: 'no',
    next: 'Do not repeat it, unless the user asks for it.',
  });

function tellPrice(price: Price, maxCost: MaxCost | undefined): CallToolResult {
  const isAsked = maxCost === undefined ? '' : ', which is more than `max_cost` allows';
  return refuse({
    code: 'confirmation_needed',
    message: `this costs up to ${showPrice(price)}${isAsked}`,
    billed: 'no',
    next: price.isUnknown
      ? 'A call whose price is not listed cannot be confirmed by this client; choose another model.'
      : 'Ask the user. If the user agrees, repeat the call with `max_cost` of that amount.',
  });
}
