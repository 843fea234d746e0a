// Keeps pictures in S3, or in anything that speaks like it.
import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PictureStore } from './pictures.ts';

/** `origin`: where browsers get the objects of the bucket, such as a CDN in front of it. */
export function createS3Store(client: S3Client, Bucket: string, origin: string): PictureStore {
  const urlOf = (name: string): string => `${origin}/${encodeURIComponent(name)}`;
  return {
    async find(name) {
      try {
        await client.send(new HeadObjectCommand({ Bucket, Key: name }));
        return urlOf(name);
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    // The bytes come first: then their media type is known, and S3 is told their length.
    async save(name, image) {
      const Body = await image.bytes();
      await client.send(new PutObjectCommand({ Bucket, Key: name, Body, ContentType: image.mediaType }));
      return urlOf(name);
    },
  };
}
