// Pays for a picture and saves it in S3: `npx node examples/recipes/save-to-s3.ts <id> <prompt>`. Killed at any moment and run
// again, it saves what was paid, and pays for nothing twice. It reads its accounts from the environment.
import { S3Client } from '@aws-sdk/client-s3';
import { createFileLedger } from '@imageport/core/node';
import { wavespeed } from '@imageport/wavespeed';
import { finishOpen, makePicture, type Pictures } from './pictures.ts';
import { createS3Store } from './s3-store.ts';

const { BUCKET = 'pictures', PICTURES_URL = 'https://pictures.example.com', LEDGER = 'ledger.jsonl' } = process.env;
const [intentId = 'order-4711', prompt = 'a lighthouse in fog at dawn'] = process.argv.slice(2);

const ledger = createFileLedger(LEDGER);
const pictures: Pictures = {
  models: [wavespeed('seedream-4')],
  ledger,
  store: createS3Store(new S3Client(), BUCKET, PICTURES_URL),
};

for (const { intentId, error } of await finishOpen(pictures)) {
  console.log(`${intentId} of an earlier run: ${error ? `${error.code}, billed: ${error.billed}` : 'saved'}`);
}
console.log(await makePicture(pictures, { intentId, prompt }));
await ledger.close();
