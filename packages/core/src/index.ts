export {
  type Advanced,
  type AdvanceImageOptions,
  advanceImage,
  type BeginImageOptions,
  beginImage,
} from './advance.ts';
export type { CallOptions, Deliver, DeliveryContext, GenerateImageOptions, Hedge, Order } from './call.ts';
export { checkImage, type ImageCheck } from './check.ts';
export { type ClientDefaults, createImageClient, type ImageClient } from './client.ts';
export type {
  Adapter,
  AnswerContext,
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
  Gone,
  ModelRow,
  PixelRange,
  ResolvedRequest,
  Shape,
} from './contract/family.ts';
export type { Job } from './contract/job.ts';
export type { Json, JsonObject } from './contract/json.ts';
export type { ListedModel, ListReading, ModelList } from './contract/model-list.ts';
export type {
  Adaptation,
  AspectRatio,
  Fit,
  ImageRequest,
  KnownHosts,
  NativeFields,
  OutputFormat,
  PixelSize,
  Resolution,
  ResponseFormat,
  Size,
  Task,
  Unchecked,
  Variation,
} from './contract/request.ts';
export type { Attempt, Billed, Cost } from './contract/result.ts';
export { type ErrorCode, type ErrorTraits, errorTraits, type Reason } from './errors/error-traits.ts';
export { ImageError, type ImageErrorOptions, type Stage } from './errors/image-error.ts';
export { generateImage } from './generate.ts';
export {
  type GenerateImagesOptions,
  generateImages,
  type ImageBatch,
  type ImageBatchEntry,
  type ImageBatchItem,
  type ImageBatchResult,
} from './generate-images.ts';
export type { BulkPoll, BulkPoller } from './host/bulk.ts';
export type { Limits, ProviderOptions } from './host/options.ts';
export { createProvider, type ImageModel, type ModelId, type Provider } from './host/provider.ts';
export { redact } from './host/redact.ts';
export type { Exchange, OutgoingRequest, Transport } from './host/transport.ts';
export type { GeneratedImage } from './image/picture.ts';
export type { DownloadPictureOptions } from './image/read-picture.ts';
export { imageOptions, type PlainOptions } from './image-options.ts';
export type { Intent, LedgerEvent, LedgerRecord, Proof, RouteEntry, Target } from './ledger/facts.ts';
export type { FindQuery, Lease, Ledger, OpenQuery } from './ledger/ledger.ts';
export { createMemoryLedger } from './ledger/memory.ts';
export { foldRecord, isOpen } from './ledger/reduce.ts';
export { judgeAppend, unknownIntent } from './ledger/rules.ts';
export {
  awaitsRefund,
  billedOf,
  currentJob,
  type IntentState,
  inDoubt,
  type OwnedJob,
  type Phase,
  phaseOf,
  type SendState,
} from './ledger/state.ts';
export type { MaxCost } from './picture/budget.ts';
export type { ImageEvent } from './picture/events.ts';
export type { Applied, GenerateImageResult, Timings } from './picture/result.ts';
export { createRegistry, type Registry, type RegistryConfig } from './registry.ts';
export { parseRequest, type ReferenceImage, type RequestOptions } from './request/options.ts';
export type { RouteOption, RouteTarget } from './request/target.ts';
export { type ResumedIntent, type ResumeImagesOptions, resumeImages } from './resume.ts';
export { checkRuntime } from './runtime.ts';
export type { Latency, Observation, Pace, PollContext, Schedule } from './schedule/schedule.ts';
export { type JobStatus, pollImage, type WaitForImageOptions, type WaitOptions, waitForImage } from './steps.ts';
export { type ImageStream, streamImage } from './stream.ts';
export { type SubmitImageOptions, submitImage } from './submit.ts';
export {
  type ImageOptions,
  type RemoveBackgroundOptions,
  removeBackground,
  type UpscaleImageOptions,
  upscaleImage,
  type VaryImageOptions,
  type VerbOptions,
  varyImage,
} from './verbs.ts';
export type { WebhookClaim, WebhookDelivery, WebhookEvent, WebhookHeaders, WebhookScheme } from './webhook/event.ts';
export { createWebhookHub, type WebhookHub, type WebhookNotice } from './webhook/hub.ts';
export { receiveWebhook } from './webhook/receive.ts';
export {
  createReplayGuard,
  type ReplayGuard,
  type ReplayGuardOptions,
  type SeenWebhooks,
} from './webhook/replay.ts';
