export { resolutions, tasks } from '../contract/request.ts';
/** For packages of hosts, and for who lists what models there are: tables read, models found, requests translated. */
export { familiesOf, loadCatalogue, loadCatalogues } from '../request/catalogue.ts';
export { checkField, describeField } from '../request/fields.ts';
export { findModel } from '../request/find-model.ts';
export { nearTo } from '../request/near.ts';
export { type Prepared, prepareRequest } from '../request/resolve.ts';
export { type PriceRange, priceRange } from './price-range.ts';
export { readSheet } from './read-sheet.ts';
export type { Sheet } from './rule.ts';
