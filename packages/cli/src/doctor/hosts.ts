import type { Accounts } from '../accounts.ts';
import { askFreely, type FreeAnswer } from '../ask-freely.ts';
import { type HostEntry, hosts } from '../hosts.ts';
import type { Io } from '../io.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Milliseconds for an answer to a request that costs nothing. */
const timeout = 10_000;
const mostBytes = 256 * 1024;

interface Probed {
  readonly finding: Finding;
  /** Milliseconds by which the host's clock is ahead of this machine's. */
  readonly ahead?: number;
}

/** Asks every host that has a key something that is free: whether it can be reached, and whether it takes the key. */
export async function checkHosts(io: Pick<Io, 'env'>, accounts: Accounts): Promise<Finding[]> {
  const probed = await Promise.all(hosts.map((host) => checkHost(host, io, accounts)));
  const findings = probed.map(({ finding }) => finding);
  const withoutKeys =
    accounts.usable.length > 0 || findings.some(({ state }) => state === 'problem')
      ? []
      : [warning('keys', 'there is none, so imageport generate draws pictures locally')];
  return [...findings, ...withoutKeys, ...checkClock(probed)];
}

async function checkHost({ name, adapter }: HostEntry, { env }: Pick<Io, 'env'>, accounts: Accounts): Promise<Probed> {
  const { apiKey } = adapter.env;
  const key = env[apiKey]?.trim();
  if (key === undefined) return { finding: ok(name, `not used: ${apiKey} is not set`) };
  if (key === '')
    return { finding: problem(name, 'unauthenticated', `${apiKey} is set but blank: put your key there, or unset it`) };
  const baseUrl = accounts.addresses[name] ?? adapter.baseUrl;
  const begun = Date.now();
  const answer = await askFreely({ adapter, baseUrl, key, request: adapter.probe, timeout, mostBytes });
  const ended = Date.now();
  const finding = judge(answer, { name, apiKey, baseUrl, took: ended - begun });
  const { date } = answer.exchange;
  return { finding, ...(date === undefined ? {} : { ahead: date - (begun + ended) / 2 }) };
}

interface Asked {
  readonly name: string;
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Milliseconds. */
  readonly took: number;
}

function judge({ status: found, why }: FreeAnswer, { name, apiKey, baseUrl, took }: Asked): Finding {
  if (found === undefined) {
    return problem(
      name,
      'unavailable',
      `${baseUrl} cannot be reached (${why}): check the network, the proxy and the address`,
    );
  }
  if (found === 401 || found === 403)
    return problem(name, 'unauthenticated', `refuses the key in ${apiKey}: copy it again from the host's site`);
  if (found === 429) return warning(name, `${baseUrl} takes no more requests for now (HTTP 429)`);
  if (found >= 200 && found < 300) return ok(name, `takes the key (${baseUrl}, ${took} ms)`);
  return problem(name, 'unavailable', `${baseUrl} answers with status ${found} to a free request: try again later`);
}

/** Hosts tell whole seconds, and an answer takes its time. */
const tolerance = 30_000;

function checkClock(probed: readonly Probed[]): Finding[] {
  const told = probed.flatMap(({ finding, ahead }) => (ahead === undefined ? [] : [{ name: finding.check, ahead }]));
  if (told.length === 0) return [];
  return told.map(({ name, ahead }) => {
    const seconds = Math.round(Math.abs(ahead) / 1000);
    if (Math.abs(ahead) <= tolerance) return ok('clock', `agrees with that of ${name}`);
    const way = ahead > 0 ? 'behind' : 'ahead of';
    return warning('clock', `is ${seconds} s ${way} that of ${name}: set this machine's time, best by NTP`);
  });
}
