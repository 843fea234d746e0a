import {
  awaitsRefund,
  billedOf,
  type Cost,
  currentJob,
  foldRecord,
  type IntentState,
  inDoubt,
  type LedgerRecord,
  phaseOf,
} from '@imageport/core';
import { prepareRequest } from '@imageport/core/catalogue';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { accountsOf, answer, type Door } from '../door.ts';
import { toPlainCost } from '../price.ts';
import { openRecords } from './open-jobs.ts';

/** `jobs`: what is open, what it costs, and what to do. Sends nothing. */
export async function listJobs(
  door: Door,
  { intent_id: intentId }: { readonly intent_id?: string },
): Promise<CallToolResult> {
  const records = await openRecords(door, intentId);
  const jobs = records.sort((a, b) => a.intent.createdAt - b.intent.createdAt).map((record) => describe(door, record));
  return answer({ jobs });
}

/** What is told of a prompt: enough to recognise the request. */
const longestPrompt = 200;

function describe(door: Door, record: LedgerRecord) {
  const { intent } = record;
  const state = foldRecord(record);
  const name = stateOf(state);
  const job = currentJob(state);
  const target = job?.job ?? state.sends.at(-1)?.fact.target ?? intent.route[0];
  return {
    intent_id: intent.id,
    state: name,
    billed: billedOf(state),
    cost: toPlainCost(job?.settled?.cost ?? listedPrice(door, record, target)),
    ...(target ? { provider: target.provider, model: target.modelId } : {}),
    ...(job ? { job_id: job.job.id } : {}),
    prompt: [...intent.request.prompt].slice(0, longestPrompt).join(''),
    created_at: new Date(intent.createdAt).toISOString(),
    next: next[name],
  };
}

const next = {
  not_sent: 'Nothing was sent and nothing is paid. Call `generate_image` if it is still wanted.',
  in_doubt: 'It may be paid. Call `resume`: it looks for the job and never pays twice.',
  accepted: 'It is paid. Call `resume`: it fetches the picture and costs nothing more.',
  finished: 'It is paid. Call `resume`: it fetches the picture and costs nothing more.',
  refund_pending: 'The job failed, and its refund was not seen yet. Call `resume` to look for it; it costs nothing.',
} as const;

function stateOf(state: IntentState): keyof typeof next {
  const phase = phaseOf(state);
  if (phase === 'accepted') return 'accepted';
  if (phase === 'settled' && currentJob(state)?.settled?.outcome === 'completed') return 'finished';
  if (awaitsRefund(state).length > 0) return 'refund_pending';
  if (inDoubt(state).length > 0) return 'in_doubt';
  return phase === 'settled' ? 'finished' : 'not_sent';
}

/** What the host's list says of the same request. */
function listedPrice(
  door: Door,
  { intent }: LedgerRecord,
  target: LedgerRecord['intent']['route'][number] | undefined,
): Cost {
  const account = accountsOf(door).find(({ provider }) => provider.adapter.name === target?.provider);
  try {
    if (account && target) return prepareRequest(account.provider.adapter, target.modelId, intent.request).price;
  } catch {
    // A model that its host's table has no more.
  }
  return { source: 'unknown' };
}
