import { createWavespeed } from '@imageport/wavespeed';
import { type GeneratedImage, ImageError, pollImage } from '../../src/index.ts';
import { toPng } from '../pictures.ts';
import type { Finding } from './play.ts';

const png = toPng(200);

/** One output address, what stands behind it, and whether a picture may come from there. */
interface Trial {
  readonly url: string;
  readonly allowed: boolean;
  /** What DNS says of every name that is looked up. */
  readonly dns?: readonly string[];
  /** Where the host of `url` sends its visitors. */
  readonly redirects?: readonly string[];
}

/** The first and the last address of every network that is not the public internet, and some famous ones between. */
const privateV4 = [
  ...['0.0.0.0', '0.0.0.1', '0.255.255.255', '10.0.0.0', '10.0.0.1', '10.255.255.255'],
  ...['100.64.0.0', '100.100.100.200', '100.127.255.255', '127.0.0.0', '127.0.0.1', '127.1.2.3', '127.255.255.255'],
  ...['169.254.0.0', '169.254.169.254', '169.254.170.2', '169.254.255.255', '172.16.0.0', '172.17.0.1'],
  ...['172.31.255.255', '192.0.0.0', '192.0.0.192', '192.0.0.255', '192.0.2.1', '192.88.99.1', '192.168.0.0'],
  ...[
    '168.63.129.16',
    '161.26.0.10',
    '166.9.0.1',
    '192.168.1.1',
    '192.168.255.255',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
  ],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
];
const publicV4 = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'];
const morePublicV4 = ['126.255.255.255', '128.0.0.1', '169.253.255.255', '172.15.255.255', '172.32.0.0', '192.0.1.1'];
const edgesOfPublic = ['192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'];

const bytesOf = (address: string): [number, number, number, number] => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [a, b, c, d];
};
const toNumber = (address: string): number => bytesOf(address).reduce((sum, byte) => sum * 256 + byte, 0);
const groups = (address: string): string => {
  const [a, b, c, d] = bytesOf(address);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
};
const inverted = (address: string): string =>
  groups(
    bytesOf(address)
      .map((byte) => 255 - byte)
      .join('.'),
  );

/** Other ways of writing the same IPv4 address. */
const spellings: readonly ((address: string) => string)[] = [
  (address) => String(toNumber(address)),
  (address) => `0x${toNumber(address).toString(16)}`,
  (address) => `0${toNumber(address).toString(8)}`,
  (address) =>
    bytesOf(address)
      .map((byte) => `0x${byte.toString(16)}`)
      .join('.'),
  (address) =>
    bytesOf(address)
      .map((byte) => `0${byte.toString(8)}`)
      .join('.'),
  (address) => `${bytesOf(address)[0]}.${toNumber(address) % 2 ** 24}`,
  (address) => address.replaceAll('.', '%2e'),
  (address) => address.replaceAll('.', '\u3002'),
  (address) =>
    [...address].map((sign) => (/\d/.test(sign) ? String.fromCodePoint(sign.charCodeAt(0) + 0xfee0) : sign)).join(''),
  (address) => `${address}.`,
];
const famous = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1'];

/** IPv4 inside IPv6. */
const embeddings: readonly ((address: string) => string)[] = [
  (address) => `[::ffff:${address}]`,
  (address) => `[::ffff:${groups(address)}]`,
  (address) => `[::ffff:0:${groups(address)}]`,
  (address) => `[::${address}]`,
  (address) => `[64:ff9b::${address}]`,
  (address) => `[2002:${groups(address)}::1]`,
  (address) => `[2001:0:4136:e378:8000:63bf:${inverted(address)}]`,
  (address) => `[2606:4700:1:2:0:5efe:${address}]`,
  (address) => `[2606:4700:1:2::${address}]`,
  (address) => `[0:0:0:0:0:FFFF:${groups(address)}]`,
];
const privateV6 = [
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[fc00::1]', '[fd12:3456:789a::1]', '[fe80::1]', '[febf::1]', '[fec0::1]'],
  ...['[ff02::1]', '[100::1]', '[2001:db8::1]', '[3fff::1]', '[5f00::1]', '[64:ff9b:1::a00:1]', '[fd00:ec2::254]'],
];
const publicV6 = ['[2606:4700:4700::1111]', '[2001:4860:4860::8888]', '[2a00:1450:4001:81b::200e]'];

const names = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'foo.localhost', 'localhost.localdomain.local', 'printer.local'],
  ...['nas.LOCAL', 'nas.local.', 'metadata.google.internal', 'metadata', 'intranet', 'db.lan', 'router.home.arpa'],
  ...['wiki.corp', 'tv.home', 'portal.intranet', 'a.internal', 'kubernetes'],
];
const schemes = [
  ...['http://93.184.216.34/a.png', 'http://cdn.example.com/a.png', 'HTTP://cdn.example.com/a.png'],
  ...['http://localhost/a.png', 'http://127.0.0.1:8080/a.png', 'https://127.0.0.1:8443/a.png'],
  ...['https://user@93.184.216.34/a.png', 'https://user:pass@93.184.216.34/a.png', 'https://:pass@cdn.example.com/'],
  ...[
    'https://93.184.216.34@10.0.0.1/a.png',
    'https://cdn.example.com%40@10.0.0.1/',
    'https://10.0.0.1#@cdn.example.com/',
  ],
  ...['https://10.0.0.1:443/', 'https://10.0.0.1:22/', 'https://[::1]:6379/', 'https://10.0.0.1\\@cdn.example.com/'],
  ...['https:/\\10.0.0.1/a.png', 'https:///10.0.0.1/a.png', 'https://\t10.0.0.1/a.png', 'https://10.0.0\n.1/a.png'],
  ...['https://', 'https://[', 'https://a b/', 'https://%00/', 'https://[::ffff:7f00:1%25eth0]/'],
];
/** Where a host must not send anybody. */
const traps = [
  ...['https://10.0.0.1/', 'https://127.0.0.1/', 'https://[::1]/', 'https://2130706433/', 'https://0x7f.1/'],
  ...['http://169.254.169.254/latest/meta-data/', 'https://169.254.169.254/', 'https://metadata.google.internal/'],
  ...[
    '//192.168.1.1/x',
    '\\\\10.0.0.1\\x',
    'https://u:p@93.184.216.34/',
    'http://93.184.216.34/',
    'file:///etc/passwd',
  ],
  ...['data:image/png;base64,iVBORw0KGgo=', 'ftp://93.184.216.34/', 'gopher://10.0.0.1/', 'https://[::ffff:10.0.0.1]/'],
];

const start = 'https://93.184.216.34/start.png';
const refuse = (urls: readonly string[]): Trial[] => urls.map((url) => ({ url, allowed: false }));
const allow = (urls: readonly string[]): Trial[] => urls.map((url) => ({ url, allowed: true }));
const at = (hosts: readonly string[]): string[] => hosts.map((host) => `https://${host}/a.png?sig=abc`);
const allPublicV4 = [...publicV4, ...morePublicV4, ...edgesOfPublic];
const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

const named = 'https://cdn.example.com/a.png';

/** Every address that a host, or somebody who fools it, could hand out. */
export const trials: readonly Trial[] = [
  ...refuse(at(privateV4)),
  ...refuse(at(famous.flatMap((address) => spellings.map((spell) => spell(address))))),
  ...refuse(at(famous.flatMap((address) => embeddings.map((embed) => embed(address))))),
  ...refuse(at(privateV6)),
  ...refuse(at(names)),
  ...refuse(schemes),
  ...[
    ...privateV4,
    ...privateV6.map(bare),
    ...famous.flatMap((address) => embeddings.map((embed) => bare(embed(address)))),
  ].map((address): Trial => ({ url: named, dns: [address], allowed: false })),
  // One bad address among good ones is enough: nobody knows which will be taken.
  ...famous.flatMap((address): Trial[] => [
    { url: named, dns: ['93.184.216.34', address], allowed: false },
    { url: named, dns: [address, '2606:4700:4700::1111'], allowed: false },
  ]),
  ...traps.map((trap): Trial => ({ url: start, redirects: [trap], allowed: false })),
  ...traps.map((trap): Trial => ({ url: start, redirects: ['/two', 'https://8.8.8.8/three', trap], allowed: false })),
  ...famous.map((address): Trial => ({ url: start, redirects: [named], dns: [address], allowed: false })),
  { url: start, redirects: ['/1', '/2', '/3', '/4'], allowed: false },
  ...allow(at(allPublicV4)),
  ...allow(at([...publicV6, 'cdn.example.com', 'CDN.Example.COM', 'cdn.example.com.', 'bücher.example.com'])),
  ...allow(at(publicV4.flatMap((address) => spellings.map((spell) => spell(address))))),
  ...allow(['https://93.184.216.34:443/a.png', 'HTTPS://cdn.example.com/a.png']),
  ...refuse(['https://93.184.216.34:8443/a.png', 'https://cdn.example.com:444/a.png', 'https://cdn.example.com:22/']),
  { url: start, redirects: ['https://cdn.example.com:8443/a.png'], allowed: false },
  ...[...publicV4, ...publicV6.map(bare)].map((address): Trial => ({ url: named, dns: [address], allowed: true })),
  { url: named, dns: ['93.184.216.34', '2606:4700:4700::1111'], allowed: true },
  { url: start, redirects: ['/two', 'https://8.8.8.8/three', '//cdn.example.com/four'], allowed: true },
];

interface Dns {
  lookup(name: string, options: object): Promise<readonly { address: string; family: number }[]>;
}

/** Lets DNS say what the trial wants, for as long as the work takes. */
async function withDns<T>(answers: readonly string[], work: () => Promise<T>): Promise<T> {
  const dns = process.getBuiltinModule('node:dns').promises as unknown as Dns;
  const genuine = dns.lookup;
  dns.lookup = async () => answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  try {
    return await work();
  } finally {
    dns.lookup = genuine;
  }
}

/** The picture of a finished job, whose host is asked through `fetch`. */
async function pictureAt(fetch: typeof globalThis.fetch): Promise<GeneratedImage | undefined> {
  const model = createWavespeed({ apiKey: 'key', baseUrl: 'https://api.example.com', fetch })('seedream-4');
  const { images } = await pollImage(model, { provider: 'wavespeed', modelId: 'seedream-4', id: 'job1' });
  return images[0];
}

async function attempt({ url, allowed, dns = ['93.184.216.34'], redirects = [] }: Trial): Promise<string[]> {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (address.startsWith('https://api.example.com/api/v3/predictions/')) {
      return Response.json({ code: 200, data: { id: 'job1', status: 'completed', outputs: [url] } });
    }
    asked.push(address);
    if (init?.redirect !== 'manual') return new Response('a fetch that follows redirects by itself', { status: 500 });
    const location = redirects[asked.length - 1];
    return location === undefined ? new Response(png) : new Response(null, { status: 302, headers: { location } });
  };
  const image = await pictureAt(fetch);
  // What is no web address at all is not even taken for a picture.
  if (!image) return allowed ? ['no picture to download'] : [];
  const ended: unknown = await withDns(dns, () => image.bytes().catch((error: unknown) => error));
  const goodHops = allowed ? redirects.length + 1 : Math.min(redirects.length, 4);
  const tooFar = asked.slice(goodHops).map((each) => `asked ${each}`);
  if (allowed) return ended instanceof Uint8Array ? tooFar : [...tooFar, `refused: ${String(ended)}`];
  if (!ImageError.is(ended)) return [...tooFar, `no typed error: ${String(ended)}`];
  // What is no address at all is taken for a picture that the host sent itself, and is none.
  const reasons = redirects.length > 3 ? ['unexpected_redirect'] : ['forbidden_address', 'output_invalid'];
  const told = reasons.includes(ended.reason ?? '') && ended.billed === 'yes' && ended.stage === 'download';
  return told ? tooFar : [...tooFar, `refused as ${ended.code} ${ended.reason}: ${ended.message}`];
}

/** Nothing is ever asked for at an address that is not public https, whatever the host or DNS says. */
export async function downloadAddresses(): Promise<Finding> {
  const violations: string[] = [];
  // One after the other: DNS is one for the process.
  for (const trial of trials) {
    const problems = await attempt(trial);
    violations.push(...problems.map((problem) => `${JSON.stringify(trial)}: ${problem}`));
  }
  return { suite: 'addresses of pictures', tried: trials.length, violations };
}
