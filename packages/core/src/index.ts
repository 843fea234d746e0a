export type { CallOptions, GenerateImageOptions } from './call.ts';
export { checkImage, type ImageCheck } from './check-image.ts';
export { type ClientDefaults, createImageClient, type ImageClient } from './client.ts';
export type {
  Adapter,
  HttpRequest,
  JobSnapshot,
  JobState,
  ListQuery,
  NativeRequest,
  Output,
} from './contract/adapter.ts';
export type {
  Accepts,
  Family,
  FieldSpec,
  Geometry,
  ModelRow,
  PixelRange,
  ResolvedRequest,
  Shape,
} from './contract/family.ts';
export type { Job } from './contract/job.ts';
export type { Json, JsonObject } from './contract/json.ts';
export type { Adaptation, Fit, ImageRequest, OutputFormat, Resolution, Size } from './contract/request.ts';
export type { Attempt, Billed, Cost } from './contract/result.ts';
export type { MaxCost } from './engine/budget.ts';
export type { ImageEvent } from './engine/events.ts';
export type { Hedge } from './engine/hedge.ts';
export { createWebhookInbox, type WebhookInbox, type WebhookNews } from './engine/inbox.ts';
export type { Order } from './engine/order.ts';
export { type ErrorCode, type ErrorTraits, errorTraits } from './errors/error-traits.ts';
export { ImageError, type ImageErrorOptions, type Reason, type Stage } from './errors/image-error.ts';
export { generateImage } from './generate.ts';
export type { GeneratedImage } from './image/picture.ts';
export type { DownloadPictureOptions } from './image/read-picture.ts';
export type { Intent, Ledger, LedgerEvent, LedgerRecord, Standing, Stop, Target } from './ledger/ledger.ts';
export { foldRecord, isOpen } from './ledger/ledger.ts';
export { createMemoryLedger } from './ledger/memory.ts';
export type { Limits } from './pace/limits.ts';
export type { ProviderOptions } from './provider/host.ts';
export { createProvider, type ImageModel, type Provider } from './provider/provider.ts';
export { createRegistry, type Registry, type RegistryConfig } from './registry.ts';
export { describeField } from './request/fields.ts';
export { parseRequest, type ReferenceImage, type RequestOptions } from './request/options.ts';
export { findModel, type Prepared, prepareRequest } from './request/resolve.ts';
export type { RouteOption, RouteTarget } from './request/target.ts';
export type { Applied, GenerateImageResult, Timings } from './result.ts';
export { type ResumedIntent, type ResumeImagesOptions, resumeImages } from './resume.ts';
export type { Latency, LookContext, Observation, Pace, Schedule } from './schedule/schedule.ts';
export { type JobStatus, pollImage, type WaitForImageOptions, type WaitOptions, waitForImage } from './steps.ts';
export { type ImageStream, streamImage } from './stream-image.ts';
export { type SubmitImageOptions, submitImage } from './submit-image.ts';
export type { WebhookClaim, WebhookDelivery, WebhookEvent, WebhookHeaders, WebhookScheme } from './webhook/event.ts';
export { receiveWebhook } from './webhook/receive.ts';
