export { type AdapterFixtures, type Check, testAdapter } from './test-adapter.ts';
