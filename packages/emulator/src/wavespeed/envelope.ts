import { json, type Reply } from '../http/message.ts';

export const success = (data: unknown): Reply => json(200, { code: 200, message: 'success', data });

export const failure = (status: number, message: string): Reply => json(status, { code: status, message });
