import { afterEach, describe, expect, test, vi } from 'vitest';
import { isLoopback, toUrl } from '../../src/host/address.ts';
import { isPublicAddress, isPublicHost } from '../../src/host/public-address.ts';

const host = (text: string): string => new URL(`https://${text}/`).hostname;

/** First, last, and the public neighbours just outside, of every network of RFC 6890 and its kin. */
const networks: [name: string, first: string, last: string, before?: string | undefined, after?: string][] = [
  ['this network', '0.0.0.0', '0.255.255.255', undefined, '1.0.0.0'],
  ['private 10', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['shared', '100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['loopback', '127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['link local', '169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['private 172', '172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['protocol assignments', '192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['documentation 1', '192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['6to4 relay', '192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['private 192', '192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['benchmarks', '198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['documentation 2', '198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['documentation 3', '203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['multicast', '224.0.0.0', '239.255.255.255', '223.255.255.255'],
  ['reserved', '240.0.0.0', '255.255.255.254'],
  ['broadcast', '255.255.255.255', '255.255.255.255'],
  ['the wire server of Azure', '168.63.129.16', '168.63.129.16', '168.63.129.15', '168.63.129.17'],
  ['services of IBM Cloud', '161.26.0.0', '161.26.255.255', '161.25.255.255', '161.27.0.0'],
  ['endpoints of IBM Cloud', '166.8.0.0', '166.11.255.255', '166.7.255.255', '166.12.0.0'],
];

describe.each(networks)('the IPv4 network "%s"', (_, first, last, before, after) => {
  const groups = (address: string): string => {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  };
  const inverted = (address: string): string =>
    groups(
      address
        .split('.')
        .map((byte) => 255 - Number(byte))
        .join('.'),
    );
  const forms: [string, (address: string) => string][] = [
    ['as it is', (address) => address],
    ['mapped', (address) => `::ffff:${address}`],
    ['mapped, in hex', (address) => `::ffff:${groups(address)}`],
    ['translated', (address) => `::ffff:0:${address}`],
    ['compatible', (address) => `::${address}`],
    ['NAT64', (address) => `64:ff9b::${address}`],
    ['6to4', (address) => `2002:${groups(address)}::1`],
    ['Teredo', (address) => `2001:0:4136:e378:8000:63bf:${inverted(address)}`],
  ];
  test.each(forms)('is closed from its first to its last address, %s', (_form, write) => {
    expect([first, last].map((each) => isPublicAddress(write(each)))).toEqual([false, false]);
  });
  test.each(forms)('does not close its neighbours, %s', (_form, write) => {
    for (const each of [before, after]) if (each) expect([each, isPublicAddress(write(each))]).toEqual([each, true]);
  });
});

/** Nobody translates to what is no machine: the first of a network, or a network that only documents or many share. */
const inhabited = networks
  .filter(([name]) => !/this network|documentation|multicast|reserved|broadcast|6to4/.test(name))
  .map(([name, first, ...others]): (typeof networks)[number] => [name, first.replace(/\.0\.0$/, '.0.1'), ...others]);

/** What only the routers of a network read in an address whose prefix is public. */
describe.each(inhabited)(
  'the IPv4 network "%s", read in an address whose prefix is public',
  (_, first, last, before, after) => {
    const hex = (address: string): string =>
      address
        .split('.')
        .map((byte) => Number(byte).toString(16).padStart(2, '0'))
        .join('');
    const grouped = (digits: string): string => digits.padEnd(32, '0').match(/.{4}/g)?.join(':') ?? '';
    /** RFC 6052: behind a prefix of so many bits, around the byte behind the 64th. */
    const nat64 = (bits: number) => (address: string) => {
      const prefix = '2a0c0102030405060708'.slice(0, bits / 4);
      const digits = prefix + hex(address);
      return grouped(
        bits === 96 ? `2a0c01020304050600000000${hex(address)}` : `${digits.slice(0, 16)}00${digits.slice(16)}`,
      );
    };
    const forms: [string, (address: string) => string][] = [
      ['ISATAP', (address) => `2606:4700:1:2:0:5efe:${address}`],
      ['ISATAP of a public address', (address) => `2606:4700:1:2:200:5efe:${address}`],
      ...[32, 40, 48, 56, 64, 96].map((bits): (typeof forms)[number] => [`NAT64 behind ${bits} bits`, nat64(bits)]),
    ];
    test.each(forms)('is closed from its first to its last address, %s', (_form, write) => {
      expect([first, last].map((each) => [write(each), isPublicAddress(write(each))])).toEqual(
        [first, last].map((each) => [write(each), false]),
      );
    });
    // Behind a shorter prefix the same zeros can be read in several ways, and one private address among them is enough.
    const clear = forms.filter(([form]) => !/ (32|40|48|56) /.test(form));
    test.each(clear)('does not close its neighbours, %s', (_form, write) => {
      for (const each of [before, after])
        if (each) expect([write(each), isPublicAddress(write(each))]).toEqual([write(each), true]);
    });
  },
);

/** RFC 6052 wants zeros around the address, routers read it without them. */
describe.each(['169.254.169.254', '169.254.170.2', '168.63.129.16', '100.100.100.200', '192.0.0.192'])(
  'the metadata of a cloud at %s, behind a NAT64 prefix of a network',
  (address) => {
    const bytes = address.split('.').map(Number);
    const prefix = [0x2a, 0, 0x14, 0x50, 0x41, 2, 3, 4];
    const suffix = [7, 6, 5, 4, 3, 2, 1];
    const write = (all: number[]): string => (Buffer.from(all).toString('hex').match(/.{4}/g) ?? []).join(':');
    const behind = (bits: number): number[] => {
      if (bits === 96) return [...prefix, 0, 1, 2, 3, ...bytes];
      const rest = [...prefix.slice(0, bits / 8), ...bytes, ...suffix].slice(0, 15);
      return [...rest.slice(0, 8), 0, ...rest.slice(8)];
    };
    test.each([32, 40, 48, 56, 64, 96])('is closed behind %i bits, whatever else the address holds', (bits) => {
      const all = behind(bits);
      expect([write(all), isPublicAddress(write(all))]).toEqual([write(all), false]);
      // The byte behind the 64th bit is zero in every address that a router translates.
      all[8] = 1;
      expect([write(all), isPublicAddress(write(all))]).toEqual([write(all), true]);
    });
  },
);

test('of two hundred thousand ordinary addresses none is taken for one of a private network', () => {
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 16;
  };
  const refused: string[] = [];
  for (let n = 0; n < 200_000; n += 1) {
    // As servers are numbered: the byte behind the 64th bit is zero.
    const groups = [0x2600, ...Array.from({ length: 7 }, random)];
    groups[4] = (groups[4] ?? 0) & 255;
    const address = groups.map((group) => group.toString(16)).join(':');
    if (!isPublicAddress(address)) refused.push(address);
  }
  expect(refused).toEqual([]);
});

test.each([
  '::',
  '::1',
  '::2',
  '100::',
  '100::ffff',
  '64:ff9b:1::',
  '64:ff9b:1:ffff:ffff:ffff:808:808',
  '64:ff9b:1:a00:0:100:808:808',
  '2001:db8::',
  '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:2::1',
  '2001:10::1',
  '3fff::1',
  '5f00::1',
  'fc00::',
  'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fe80::',
  'fe80::1%eth0',
  'fe80::1%25eth0',
  'febf:ffff::1',
  'fec0::1',
  'ff00::',
  'ff02::1',
  'ffff::1',
  '4000::1',
  '1fff::1',
  // NAT64 of 169.254.169.254, with more than zeros around it.
  '2a00:1450:1:2:0:1:a9fe:a9fe',
  '2a00:1450:1:2:a9:fea9:fe00:1',
  '2a00:1450:a9fe:a9fe:0:1::',
])('the IPv6 address %s is closed', (address) => expect(isPublicAddress(address)).toBe(false));

test.each([
  '2000::1',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00::1',
  '3ffe::1',
  '2001:db7::1',
  '2001:db9::1',
  '2606:2800:220:1:248:1893:25c8:1946',
  '2a04:4e42:200::81',
  '2a00:1450:4001:81b::',
  '2600:9000:2490:7a00:1a:b0c3:1d00:93a1',
  '2a01:4f8:c0a8:1::a00',
  // A content network, in whose addresses 10.0.0.0/8 can be read behind 40, 48 and 64 bits.
  '2600:9000:210a:7a00:1a:b0c3:1d00:93a1',
  '2600:9000:2490:a00:1a:b0c3:1d00:93a1',
  '2600:9000:2490:7a00:a:b0c3:1d00:93a1',
  '2a01:4f8:a9fe:1::1',
  '2600:1901:0:a9fe::',
  '2600:1901:0:a9fe::1',
  // Load balancers, whose addresses end in zeros.
  '2600:1901:0:c2e3::',
  '2600:1901:0:7f01::',
  '2600:1901:0:a10::',
  '2604:a880:400:d1::e3f:5001',
  '2400:52e0:1500::714:1',
  '2620:1ec:bdf::40',
])('the IPv6 address %s is public', (address) => expect(isPublicAddress(address)).toBe(true));

test.each([
  '',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  'a.b.c.d',
  '1.2.3.-4',
  ':',
  ':::',
  '1:2',
  'g::1',
  '12345::1',
  '::1.2.3.256x',
])('what is no address is not public: %j', (text) => expect(isPublicAddress(text)).toBe(false));

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
  '１２７.０.０.１',
  '127。0。0。1',
  '0',
  '0x0',
  '10.1',
  '0xa.0x1',
  '012.1.1.1',
  '3232235777',
  '0xc0a80101',
  '192.168.257',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '172.1048577',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::169.254.169.254]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fd00:ec2::254]',
])('%s, however it is written, is closed', async (text) => expect(await isPublicHost(host(text))).toBe(false));

test.each(['8.8.8.8', '134744072', '0x08080808', '8.8.8.8.', '[2606:4700:4700::1111]', '[::ffff:8.8.8.8]'])(
  '%s is public',
  async (text) => expect(await isPublicHost(host(text))).toBe(true),
);

describe('names', () => {
  const dns = process.getBuiltinModule('node:dns');
  const answer = (...addresses: string[]) =>
    vi.spyOn(dns.promises, 'lookup').mockResolvedValue(addresses.map((address) => ({ address, family: 4 })) as never);
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    'localhost',
    'localhost.',
    'LOCALHOST',
    'a.localhost',
    'a.b.localhost.',
    'printer.local',
    'printer.LOCAL.',
    'metadata.google.internal',
    'router.home.arpa',
    'nas.lan',
    'x.intranet',
    'x.corp',
    'x.home',
    'intranet',
    'kubernetes',
    'ｌｏｃａｌｈｏｓｔ',
    'printer.ｌｏｃａｌ',
    'printer。local',
  ])('%s is closed without asking', async (name) => {
    const lookup = answer('8.8.8.8');
    expect(await isPublicHost(host(name))).toBe(false);
    expect(lookup).not.toHaveBeenCalled();
  });

  test.each(['printer.local..', 'localhost..'])('%s with more than one dot at its end is closed', async (name) => {
    answer('8.8.8.8');
    expect(await isPublicHost(name)).toBe(false);
  });

  test.each([
    ['cdn.example.com', ['93.184.216.34']],
    ['cdn.example.com.', ['93.184.216.34', '2606:2800:220:1::1']],
    ['xn--bcher-kva.example', ['93.184.216.34']],
    ['local.example.com', ['93.184.216.34']],
    ['mylocal', ['93.184.216.34']],
  ])('%s at %j', async (name, addresses) => {
    answer(...addresses);
    expect(await isPublicHost(name)).toBe(name.includes('.'));
  });

  test.each([
    [['127.0.0.1']],
    [['93.184.216.34', '10.0.0.1']],
    [['93.184.216.34', '::1']],
    [['::ffff:10.0.0.1']],
    [['fe80::1%eth0']],
  ])('a public name with a private address among %j is closed', async (addresses) => {
    answer(...addresses);
    expect(await isPublicHost('evil.example.com')).toBe(false);
  });
});

test.each(['localhost', 'LOCALHOST', 'app.localhost', '127.0.0.1', '127.255.255.255', '[::1]'])(
  '%s means this machine',
  (name) => expect(isLoopback(name)).toBe(true),
);

test.each([
  'localhost.evil.com',
  'evil-localhost',
  '127.0.0.1.evil.com',
  '128.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '[::2]',
  '[::ffff:127.0.0.1]',
  '',
  'x127.0.0.1',
])('%s does not mean this machine', (name) => expect(isLoopback(name)).toBe(false));

test('an address with letters beyond ASCII is one, however often addresses were read before', () => {
  // `URL.canParse` of Node 20 and 22 says no once it is compiled.
  for (let n = 0; n < 100_000; n += 1) toUrl('https://cdn.example.com/a.png', 'https://example.com');
  expect(toUrl('https://bücher.example.com/ä.png')?.hostname).toBe('xn--bcher-kva.example.com');
  expect(toUrl('b.png', 'https://bücher.example.com/ä/')?.href).toBe('https://xn--bcher-kva.example.com/%C3%A4/b.png');
  expect(toUrl('https://')).toBeUndefined();
});
