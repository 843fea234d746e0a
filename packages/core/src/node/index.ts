export { type SaveImageOptions, saveImage } from './save-image.ts';
