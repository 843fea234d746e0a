import type { Gone, ListedModel, ListReading } from '@imageport/core';
import { type Operation, type RecordedFields, readDocument } from './document.ts';
import { toFieldSpec } from './field-spec.ts';
import { operations } from './listed.ts';

/** What the tables were made from: an operation as the document had it. */
export interface Listed extends Pick<Operation, 'id' | 'action' | 'top' | 'inputs'> {
  readonly gone?: Gone;
}

/** The host's document (the body of `GET /v2/openapi.json`), beside the one that the tables were made from. */
export function compareDocument(body: unknown): ListReading | undefined {
  const list = readDocument(body);
  return list && { tables: operations.map(toListed), list: list.map(toListed) };
}

/** Prices stand in no document. */
function toListed({ id, action, top, inputs, gone }: Listed): ListedModel {
  const fields: RecordedFields = { ...top, ...inputs };
  const names = Object.keys(fields);
  return {
    id: action === 'midjourney-action' ? `midjourney/${id}` : id,
    category: action,
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toFieldSpec(field)])),
    required: names.filter((name) => fields[name]?.required),
    ...(gone ? { gone } : {}),
  };
}
