import type { CatalogueId } from './catalogue/ids.ts';
import type { families } from './families.ts';

/** The ids of every image model, portable and the host's own. */
export type WavespeedModelId = (typeof families)[number]['models'][number]['native'] | CatalogueId;
