import sharp from 'sharp';
import { expect, test } from 'vitest';
import { caption } from '../src/picture/caption.ts';
import { fold } from '../src/picture/glyphs.ts';
import { start, wavespeed } from './harness.ts';

const size = { width: 512, height: 512 };

test('a picture carries the words of its prompt on request, and only then', async () => {
  const [plain, captioned] = await Promise.all([false, true].map(draw));
  expect(plain?.equals(captioned ?? Buffer.alloc(0))).toBe(false);
  const changed = await changedRows(plain, captioned);
  expect(changed.length).toBeGreaterThan(20);
  // In the upper half: the landscape and the label below it stay as they are.
  expect(Math.max(...changed)).toBeLessThan(300);
});

test.each([
  ['Ein Schloß, früh am MORGEN', 'ein schloss, fruh am morgen'],
  ['“yes” — it’s 100 %!', '"yes" - it\'s 100 %!'],
  ['a\n\tb\u0000', 'a b'],
  ['月の光', '□□□'],
  ['  ', ''],
])('%o is drawn as %o', (text, drawn) => {
  expect(fold(text)).toBe(drawn);
});

test('what is long is wrapped, and cut where it would fill the picture', () => {
  const lines = (prompt: string): number => caption(size, prompt).split('translate(-').length / 2;
  expect(lines('a fox')).toBeLessThan(lines('a fox that runs along a river in the morning'));
  expect(caption(size, 'word '.repeat(500)).length).toBeLessThan(20_000);
  expect(caption(size, 'x'.repeat(5000)).length).toBeLessThan(20_000);
});

async function draw(withCaption: boolean): Promise<Buffer> {
  const emulator = start({ caption: withCaption });
  const input = { prompt: 'a lighthouse in fog', seed: 7, size: '512*512' };
  const { body } = await wavespeed(emulator, 'bytedance/seedream-v3.1', input);
  return Buffer.from(await (await emulator.fetch(body.data.outputs[0])).arrayBuffer());
}

/** Rows in which many pixels differ clearly. */
async function changedRows(one: Buffer | undefined, other: Buffer | undefined): Promise<number[]> {
  const [a, b] = await Promise.all([one, other].map((each) => sharp(each).greyscale().raw().toBuffer()));
  return Array.from({ length: size.height }, (_, row) => row).filter((row) => {
    let far = 0;
    for (let index = row * size.width; index < (row + 1) * size.width; index += 1) {
      if (Math.abs((a?.[index] ?? 0) - (b?.[index] ?? 0)) > 40) far += 1;
    }
    return far > 4;
  });
}
