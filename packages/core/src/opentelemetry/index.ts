export { type TraceImagesOptions, traceImages } from './trace-images.ts';
