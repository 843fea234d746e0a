import type { Adapter } from '../contract/adapter.ts';
import { prepareRequest } from '../request/resolve.ts';
import { parsePicture } from '../request/verb-options.ts';
import { assertEqual, assertTrue, freezeDeep, isRelative, nasty, spoiled } from './assert.ts';
import type { AdapterFixtures, Check } from './test-adapter.ts';

/** Prices are what the host says, or unknown: never guessed. */
export function quoting(adapter: Adapter, { requests, quotes: facts = [] }: AdapterFixtures): Check[] {
  const { quote } = adapter;
  if (!quote) return [];
  const isPrice = (body: unknown): boolean => {
    const cost = quote.parse(body);
    return (
      cost === undefined || cost.source === 'unknown' || (cost.source === 'quoted' && typeof cost.amount === 'number')
    );
  };
  return [
    {
      name: 'has a recorded quote',
      run: () =>
        assertTrue(
          facts.some(({ expected }) => expected?.source === 'quoted'),
          'no fixture',
        ),
    },
    {
      name: 'asks for prices inside its own host',
      run: () => {
        for (const { model, options } of requests) {
          const { native } = prepareRequest(adapter, model, parsePicture(options));
          const { path } = quote.toRequest(freezeDeep(native));
          assertTrue(isRelative(path) && !/[# ]/.test(path), path);
        }
      },
    },
    {
      name: 'sees no price in nonsense',
      run: () => {
        for (const body of nasty()) assertEqual(quote.parse(body)?.amount, undefined, 'a price');
      },
    },
    {
      name: 'reads recorded quotes with any one member spoiled without throwing',
      run: () => {
        for (const { body } of facts) for (const answer of spoiled(body, 6)) assertTrue(isPrice(answer), 'a price');
      },
    },
    ...facts.map(({ name, body, expected }) => ({
      name: `reads ${name}`,
      run: () => assertEqual(quote.parse(freezeDeep(structuredClone(body))), expected),
    })),
  ];
}
