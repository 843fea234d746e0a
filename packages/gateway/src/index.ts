export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { GatewayKey, KeySource } from './keys.ts';
export type { GatewayEntry } from './log.ts';
export { type GatewaySettings, type QualityOptions, readSettings, settingsSchema } from './settings.ts';
