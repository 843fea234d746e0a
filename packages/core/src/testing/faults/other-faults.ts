import { ambiguousAction, type FaultRow, gatewayPage } from './row.ts';

/** Downloads, webhooks and the process itself. */
export const outputFaults: readonly FaultRow[] = [
  {
    id: 'O1',
    stage: 'output',
    class: 'B',
    fault: '5xx, reset or no answer',
    action: 'retried, 4 attempts in all',
    play: [
      { on: 'output', status: 503 },
      { on: 'output', reset: 'before' },
      { on: 'output', stall: true },
    ],
  },
  {
    id: 'O2',
    stage: 'output',
    class: 'B',
    fault: '403 or 404',
    action: 'ask the host once for a fresh address, then result_expired',
    play: [{ on: 'output', status: 404, times: 4 }],
  },
  {
    id: 'O3',
    stage: 'output',
    class: 'B',
    fault: 'not a picture, whatever its header says',
    action: 'refused by its first bytes; the address stays',
    play: [{ on: 'output', body: gatewayPage, contentType: 'image/png', status: 200 }],
  },
  {
    id: 'O4',
    stage: 'output',
    class: 'B',
    fault: 'cut short, or of another length than announced',
    action: 'retried, 4 attempts in all',
    play: [{ on: 'output', truncate: 100 }],
  },
  {
    id: 'O5',
    stage: 'output',
    class: 'B',
    fault: 'larger than the limit, announced or not',
    action: 'stop at the limit; the address stays',
    play: [{ on: 'output', endless: true }],
  },
  {
    id: 'O6',
    stage: 'output',
    class: 'B',
    fault: 'inflates',
    action: 'bytes count after decompression',
    play: [{ on: 'output', bomb: 200_000_000 }],
  },
  {
    id: 'O7',
    stage: 'output',
    class: 'B',
    fault: 'an address that is private, not https, or redirects there',
    action: 'refused; no key ever goes with a download',
    play: [{ on: 'output', redirect: 'http://169.254.169.254/latest/meta-data/' }],
  },
  {
    id: 'O8',
    stage: 'output',
    class: 'B',
    fault: 'base64 of any form, or broken',
    action: 'read every form; refuse the broken',
  },
  {
    id: 'O9',
    stage: 'output',
    class: 'B',
    fault: 'the disk refuses',
    action: 'no partial file is left; the error names job and address',
  },
  {
    id: 'O10',
    stage: 'output',
    class: 'B',
    fault: 'a crash after the download',
    action: 'the ledger still has it: `resumeImages` delivers it',
  },
];

export const webhookFaults: readonly FaultRow[] = [
  {
    id: 'W1',
    stage: 'webhook',
    fault: 'a signature that is forged, missing, cut or doubled',
    action: 'refused; nothing changes',
  },
  {
    id: 'W2',
    stage: 'webhook',
    fault: 'signed long ago or in the future',
    action: 'refused where the host signs the time; polling finishes the job',
  },
  { id: 'W3', stage: 'webhook', fault: 'replayed, doubled, out of order', action: 'only a hint: a poll confirms it' },
  {
    id: 'W5',
    stage: 'webhook',
    fault: 'a body that a framework has parsed',
    action: 'refused: the raw bytes are needed',
  },
  { id: 'W6', stage: 'webhook', fault: 'a body that is too large, not JSON or not a job', action: 'refused' },
  {
    id: 'W7',
    stage: 'webhook',
    fault: 'a job that nobody waits for, or not yet',
    action: 'kept until somebody waits for it, 10,000 at most',
  },
  { id: 'W10', stage: 'webhook', fault: 'the secret was changed', action: 'several secrets are tried' },
  { id: 'W12', stage: 'webhook', fault: 'it never comes', action: 'polling is primary' },
];

export const processFaults: readonly FaultRow[] = [
  {
    id: 'X1',
    stage: 'process',
    class: 'N',
    fault: 'killed before `sending` is durable',
    action: 'nothing was sent: it may be sent',
  },
  { id: 'X2', stage: 'process', class: 'A', fault: 'killed between `sending` and `accepted`', action: ambiguousAction },
  {
    id: 'X3',
    stage: 'process',
    class: 'B',
    fault: 'killed after `accepted` or `settled`',
    action: 'wait for the job, deliver it',
  },
  {
    id: 'X4',
    stage: 'process',
    class: 'N',
    fault: 'the ledger is torn, full or read-only',
    action: 'a truncated tail is dropped; what cannot be written is not sent',
  },
  { id: 'X15', stage: 'process', fault: "a listener of the caller's throws", action: 'it is ignored' },
  { id: 'X16', stage: 'process', fault: 'nothing else keeps the process alive', action: 'a pending wait does' },
];
