import type { Family, ResolvedRequest, Shape } from '../contract/family.ts';

/** The neutral option that a family writes as this native field, if there is one. */
export function optionOf({ accepts, toWire }: Family, field: string): string | undefined {
  const { geometry: { ratios, resolutions = [], sizes } = {}, scales = [], outputFormats = [] } = accepts;
  const ratio = ratios === 'any' ? '1:1' : ratios?.[0];
  const [width = 1024, height = 1024] = (sizes?.[0] ?? '').split('*').flatMap((side) => Number(side) || []);
  const inShape = (shape: Shape): Partial<ResolvedRequest> => ({ shape });
  const asked: readonly (readonly [option: string, request: Partial<ResolvedRequest>])[] = [
    ['aspectRatio', ratio === undefined ? {} : inShape({ kind: 'ratio', ratio })],
    ['resolution', resolutions[0] === undefined ? {} : inShape({ kind: 'ratio', resolution: resolutions[0] })],
    ['size', inShape({ kind: 'pixels', width, height })],
    ['images', { images: ['https://example.com/a.png'] }],
    ['mask', { mask: 'https://example.com/a.png' }],
    ['scale', scales[0] === undefined ? {} : { scale: scales[0] }],
    ['outputFormat', outputFormats[0] === undefined ? {} : { outputFormat: outputFormats[0] }],
  ];
  const nothing: ResolvedRequest = { prompt: '', images: [], adaptations: [], shape: { kind: 'default' } };
  return asked.find(([, request]) => toWire({ ...nothing, ...request })[field] !== undefined)?.[0];
}
