/** A network by its prefix, and the bits of it. */
type Network = readonly [prefix: string, bits: number];
/** The bits of a prefix as a number, and how many bits of an address follow them. */
type Prefix = readonly [value: number, rest: number];

/**
 * Networks in which machines stand that are not of the public internet: those of RFC 6890, and at the end those by which
 * clouds (Azure, IBM) serve their own machines.
 */
const innerNetworks: readonly Network[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['168.63.129.16', 32],
  ['161.26.0.0', 16],
  ['166.8.0.0', 14],
];

/** All networks that a picture of the public internet never comes from. */
const privateNetworks: readonly Network[] = [
  ...innerNetworks,
  ['0.0.0.0', 8],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/**
 * Where clouds (AWS, Azure, Google, Tencent, Scaleway, Alibaba, Oracle) hand credentials and settings to their machines.
 * So few addresses are read by chance in about one of a million ordinary IPv6 addresses at most; 10.0.0.0/8 in every
 * hundredth.
 */
const metadataNetworks: readonly Network[] = [
  ['169.254.169.0', 24],
  ['169.254.170.0', 24],
  ['169.254.0.23', 32],
  ['169.254.42.42', 32],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
];

/**
 * Whether a host of a URL may be asked for a picture. Names are looked up where the runtime can, and every address
 * behind them must be public: an answer of a host must not make us read a neighbour's network. Throws what DNS throws.
 */
export async function isPublicHost(hostname: string): Promise<boolean> {
  const name = plainName(hostname);
  if (!mayBePublic(hostname)) return false;
  if (isAddress(name)) return true;
  const addresses = await lookUp(name);
  return addresses === undefined || (addresses.length > 0 && addresses.every(isPublicAddress));
}

/** What can be said without asking DNS: a public address, or a name that is not for inner networks only. */
export function mayBePublic(hostname: string): boolean {
  const name = plainName(hostname);
  if (isAddress(name)) return isPublicAddress(name);
  return (
    name.includes('.') &&
    !/\.(localhost|local|internal|localdomain|home\.arpa|lan|intranet|private|corp|home)$/.test(name)
  );
}

const plainName = (hostname: string): string =>
  hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '')
    .toLowerCase();

const isAddress = (name: string): boolean => name.includes(':') || /^\d+(\.\d+){3}$/.test(name);

/** Takes an address as `URL` and DNS write it: dotted IPv4 or IPv6. */
export function isPublicAddress(address: string): boolean {
  if (!address.includes(':')) return isPublicV4(address);
  const groups = expand(address);
  if (!groups) return false;
  const [first = 0, second = 0] = groups;
  const embedded = embeddedV4(groups);
  if (embedded) return isPublicV4(embedded);
  if (isTranslated(groups)) return false;
  const globalUnicast = (first & 0xe000) === 0x2000;
  const documentation = first === 0x2001 && (second === 0x0db8 || second < 0x0200);
  return globalUnicast && !documentation && first !== 0x3fff;
}

function isPublicV4(address: string): boolean {
  const value = toNumber(address);
  return value !== undefined && !isIn(privateNetworks, value);
}

const isIn = (networks: readonly Network[], value: number): boolean =>
  prefixesOf(networks).some(([prefix, rest]) => value >>> rest === prefix);

function prefixesOf(networks: readonly Network[]): readonly Prefix[] {
  let known = read.get(networks);
  if (!known) {
    known = networks.map(([prefix, bits]) => [(toNumber(prefix) ?? 0) >>> (32 - bits), 32 - bits]);
    read.set(networks, known);
  }
  return known;
}

const read = new WeakMap<readonly Network[], readonly Prefix[]>();

function toNumber(address: string): number | undefined {
  const bytes = address.split('.').map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => !(byte >= 0 && byte <= 255))) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] | undefined {
  const text = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`;
  });
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  const all = [...front, ...Array<number>(Math.max(0, gap)).fill(0), ...back];
  return all.length === 8 && all.every((group) => group >= 0 && group <= 0xffff) ? all : undefined;
}

const dotted = (high = 0, low = 0): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/**
 * Whether a router may read an address of an inner network in an IPv6 address whose prefix only its network knows:
 * ISATAP, and NAT64 with a prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052). Behind such a prefix stand zeros, but
 * routers pass over what else stands there. Without the zeros an address looks like any other, and only those of
 * `metadataNetworks` are told.
 */
function isTranslated(groups: readonly number[]): boolean {
  const [high = 0, low = 0] = groups.slice(6);
  const isIsatap = ((groups[4] ?? 0) & 0xfcff) === 0 && groups[5] === 0x5efe;
  if (isIsatap && isIn(innerNetworks, toNumber(dotted(high, low)) ?? 0)) return true;
  return nat64Readings(groups).some(({ inner, isPlain }) =>
    isIn(isPlain ? innerNetworks : metadataNetworks, toNumber(inner) ?? 0),
  );
}

/** What NAT64 reads behind each length of prefix, and whether all that RFC 6052 wants to be zero is. */
function nat64Readings(groups: readonly number[]): { inner: string; isPlain: boolean }[] {
  const bytes = groups.flatMap((group) => [group >> 8, group & 255]);
  // The byte behind the 64th bit is zero, and passed over.
  if (bytes[8] !== 0) return [];
  const areZero = (some: readonly number[]): boolean => some.every((byte) => byte === 0);
  const readings = [{ inner: bytes.slice(12).join('.'), isPlain: areZero(bytes.slice(8, 12)) }];
  for (const start of [4, 5, 6, 7, 8]) {
    const read = [...bytes.slice(start, 8), ...bytes.slice(9)];
    // Most addresses with such zeros are only numbered so: those of load balancers, which end in zeros alone, name no machine.
    if (areZero(read.slice(2, 4))) continue;
    readings.push({ inner: read.slice(0, 4).join('.'), isPlain: areZero(read.slice(4)) });
  }
  return readings;
}

/** IPv4 inside IPv6: mapped, compatible, NAT64, 6to4 and Teredo lead to the same machines. */
function embeddedV4(groups: readonly number[]): string | undefined {
  const zeros = (count: number): boolean => groups.slice(0, count).every((group) => group === 0);
  if (zeros(5) && groups[5] === 0xffff) return dotted(groups[6], groups[7]);
  if (zeros(4) && groups[4] === 0xffff && groups[5] === 0) return dotted(groups[6], groups[7]);
  if (zeros(6)) return dotted(groups[6], groups[7]);
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0);
  if (isNat64) return dotted(groups[6], groups[7]);
  if (groups[0] === 0x2002) return dotted(groups[1], groups[2]);
  if (groups[0] === 0x2001 && groups[1] === 0) return dotted((groups[6] ?? 0) ^ 0xffff, (groups[7] ?? 0) ^ 0xffff);
  return undefined;
}

interface Dns {
  promises: { lookup(name: string, options: { all: true }): Promise<readonly { readonly address: string }[]> };
}

/** Where there is no DNS to ask (browsers, edge runtimes), the platform itself keeps private networks out of reach. */
async function lookUp(name: string): Promise<readonly string[] | undefined> {
  const node = (globalThis as { process?: { getBuiltinModule?(id: 'node:dns'): Dns } }).process;
  const found = await node?.getBuiltinModule?.('node:dns').promises.lookup(name, { all: true });
  return found?.map(({ address }) => address);
}
