/** For servers: what needs a disk. */
export { catalogueFile } from './catalogue-file.ts';
