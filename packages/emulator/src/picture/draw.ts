import type { Sharp } from 'sharp';
import { toBitmap } from './bitmap.ts';
import { label } from './label.ts';
import { loadSharp } from './load-sharp.ts';
import { type Format, hasAlpha, type Size } from './request.ts';
import { toSvg } from './scene.ts';

export interface Subject {
  readonly model: string;
  readonly prompt: string;
  readonly seed: number;
  readonly size: Size;
  readonly format: Format;
  /** The words of the prompt are drawn too. */
  readonly captioned?: boolean;
  /** Only the middle is there. */
  readonly transparent?: boolean;
}

// Landscapes are soft: beyond this many pixels a drawing is enlarged instead of drawn finer.
const drawnPixels = 1_100_000;
/** A landscape that is longer than that is drawn higher, and squeezed. */
const mostStretch = 12;

/** Draws a picture of exactly the wanted pixels; the same subject gives the same bytes. */
export async function drawPicture(subject: Subject): Promise<Uint8Array> {
  const { format, transparent } = subject;
  if (format === 'svg') return Buffer.from(toLines(subject));
  const painted = await paint(subject);
  return encode(transparent && hasAlpha(format) ? cutOut(painted, subject) : painted, subject);
}

/** Four pictures as the quarters of one. */
export async function drawGrid(subjects: readonly Subject[]): Promise<Uint8Array> {
  const sharp = loadSharp();
  const [first] = subjects;
  if (!first) throw new Error('A grid needs a picture.');
  const { width, height } = first.size;
  const half = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const quarters = subjects.map(async (subject, index) => ({
    input: await (await paint({ ...subject, size: half })).png({ compressionLevel: 1 }).toBuffer(),
    left: (index % 2) * (width - half.width),
    top: (index >> 1) * (height - half.height),
  }));
  const sheet = sharp({ create: { width, height, channels: 3, background: '#000' } });
  return encode(sheet.composite(await Promise.all(quarters)), first);
}

async function paint(subject: Subject): Promise<Sharp> {
  const sharp = loadSharp();
  const { width, height } = subject.size;
  const scene = drawable(subject.size);
  const shrink = Math.min(1, Math.sqrt(drawnPixels / (scene.width * scene.height)));
  const drawn = { width: Math.round(scene.width * shrink), height: Math.round(scene.height * shrink) };
  // As pixels in between: asked to enlarge an SVG, sharp would draw it at the full size.
  const { data, info } = await sharp(Buffer.from(toSvg(subject, drawn)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const pixels = sharp(data, { raw });
  const fits = drawn.width === width && drawn.height === height;
  return fits ? pixels : pixels.resize(width, height, { fit: 'fill', kernel: 'linear' });
}

/** The size that a landscape is laid out for. */
function drawable({ width, height }: Size): Size {
  const least = Math.ceil(Math.max(width, height) / mostStretch);
  return { width: Math.max(width, least), height: Math.max(height, least) };
}

/** As lines, which stay sharp however they are squeezed. */
function toLines(subject: Subject): string {
  const { width, height } = subject.size;
  const scene = drawable(subject.size);
  const view = `viewBox="0 0 ${scene.width} ${scene.height}" preserveAspectRatio="none"`;
  const drawn = toSvg(subject, scene);
  if (scene.width === width && scene.height === height) return drawn;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${view}>${drawn}</svg>`;
}

/** What is left when the background is gone; and the label, which says also of this where it comes from. */
function cutOut(image: Sharp, { size, model }: Subject): Sharp {
  const { width, height } = size;
  const svg = (content: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);
  return image.ensureAlpha().composite([
    { input: svg('<ellipse cx="50%" cy="50%" rx="38%" ry="42%"/>'), blend: 'dest-in' },
    { input: svg(label(size, model)), blend: 'over' },
  ]);
}

const encoders: Readonly<Record<Exclude<Format, 'svg' | 'bmp'>, (image: Sharp) => Sharp>> = {
  png: (image) => image.png({ compressionLevel: 2 }),
  jpeg: (image) => image.jpeg({ quality: 88, optimiseCoding: false }),
  webp: (image) => image.webp({ effort: 0 }),
  tiff: (image) => image.tiff(),
  gif: (image) => image.gif({ effort: 1 }),
  avif: (image) => image.avif({ effort: 0 }),
};

async function encode(image: Sharp, { format, size }: Subject): Promise<Uint8Array> {
  if (format === 'bmp') return toBitmap(await image.raw().toBuffer(), size);
  return encoders[format === 'svg' ? 'png' : format](image).toBuffer();
}
