import type { Schema, WavespeedModel } from '../catalogue/document.ts';
import { wavespeedDocument } from '../catalogue/load.ts';
import type { Settings } from '../options.ts';

export type Inputs = Readonly<Record<string, unknown>>;

let byId: ReadonlyMap<string, WavespeedModel> | undefined;

/** A model that can be called. One that the host's list has dropped is unknown, unless the options bring it back. */
export function findModel(id: string, { goneModels }: Settings): WavespeedModel | undefined {
  byId ??= new Map(wavespeedDocument().models.map((each) => [each.id, each]));
  const model = byId.get(id);
  return model?.gone && !model.stays && !goneModels ? undefined : model;
}

/** The models that the list names. */
export const listedModels = ({ goneModels }: Settings): WavespeedModel[] =>
  wavespeedDocument().models.filter(({ gone, listed }) => listed !== false && (!gone || goneModels));

export const fieldsOf = ({ schema }: WavespeedModel): Readonly<Record<string, Schema>> => schema?.properties ?? {};
