import type { Family, JsonObject } from '@imageport/core';

/** What the tables cannot say of the models that share an object of fields. */
type Rules = Pick<Family, 'toDefaults' | 'check' | 'latency'>;

// A hint for the schedule: the pages of these models speak of 10 to 15 seconds. Of others no page says how long they take.
const latency = { median: 12_000, sigma: 0.5 };

/** By the object that holds the fields. */
export const rules: Readonly<Record<string, Rules>> = {
  fluxParams: { latency },
  imagenParams: { latency },
  // Which task is the default is not told; a picture is there to be edited.
  qwenImageParams: {
    toDefaults: ({ images }) => ({ task_type: images.length > 0 ? 'image-edit' : undefined }),
    check: checkTask,
  },
  ideogramParams: {
    check: (fields) => (has(fields, 'mask') && !has(fields, 'image') ? '`mask` is nothing without `image`' : undefined),
  },
  fluxFillParams: {
    toDefaults: ({ mask }) => ({ mode: mask === undefined ? undefined : 'inpaint' }),
    check: checkMode,
  },
  lab851BgRemoveParams: { check: checkTransparency },
};

const has = (fields: JsonObject, name: string): boolean => Object.hasOwn(fields, name);

function checkTask(fields: JsonObject): string | undefined {
  const { task_type: task = 'text-to-image' } = fields;
  const drawn = task === 'text-to-image';
  if (drawn === has(fields, 'image_url')) {
    return drawn ? '`image_url` counts only with another `task_type`' : `the task ${task} needs \`image_url\``;
  }
  return undefined;
}

/** Each mode needs a field of its own, and would leave that of the other aside. */
function checkMode(fields: JsonObject): string | undefined {
  const [own, other] = fields.mode === 'inpaint' ? ['mask', 'outpaint'] : ['outpaint', 'mask'];
  if (!has(fields, own)) return `the mode ${fields.mode} needs \`${own}\``;
  return has(fields, other) ? `\`${other}\` does not count with the mode ${fields.mode}` : undefined;
}

/** The background is cut away unless another one is asked for, and jpg has no transparency. */
function checkTransparency({ format, background_type: background = 'rgba' }: JsonObject): string | undefined {
  return format === 'jpg' && background === 'rgba'
    ? 'a jpg has no transparency; give a `background_type` such as white, or another format'
    : undefined;
}
