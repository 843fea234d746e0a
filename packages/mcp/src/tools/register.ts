import type { McpServer, ServerContext, ToolAnnotations } from '@modelcontextprotocol/server';
import {
  type CallToolResult,
  fromJsonSchema,
  type InputRequiredResult,
  type JsonSchemaType,
} from '@modelcontextprotocol/server';
import type { Door, ToolCall } from '../door.ts';
import { checkSchema, intentId, requestSchema, strict } from '../input-schemas.ts';
import { type Ability, unionOf } from '../models.ts';
import { checkedSchema, jobsSchema, madeSchema, modelsSchema } from '../output-schemas.ts';
import type { ToolInput } from '../request.ts';
import { toErrorResult } from '../to-error.ts';
import { check, listModels } from './describe.ts';
import { listJobs } from './jobs.ts';
import { makeImage } from './make.ts';
import { resume } from './resume.ts';

interface Tool<Input> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: JsonSchemaType;
  readonly output: JsonSchemaType;
  readonly annotations: ToolAnnotations;
  run(door: Door, input: Input, call: ToolCall): Promise<CallToolResult | InputRequiredResult> | CallToolResult;
}

/** Models read nothing else about money: the words are part of the rule. */
const onRepeats =
  'Leave `intent_id` out for a new picture. After an error or a timeout, call `resume`, or repeat with the `intent_id` it gave; a new call without it may cost again.';

const paying: ToolAnnotations = {
  ...{ readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
};
const reading: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };

/** The tools, of which one that no model can do is left out. */
function toolsOf({ models }: Door): readonly Tool<never>[] {
  const names = models.map(({ name }) => name);
  const hosts = models.flatMap((each) => each.hosts);
  const isAbility = (each: Ability | undefined): each is Ability => each !== undefined;
  const makes = unionOf(hosts.map((each) => each.makes).filter(isAbility));
  const edits = unionOf(hosts.map((each) => each.edits).filter(isAbility));
  const all = unionOf(hosts.flatMap((each) => [each.makes, each.edits]).filter(isAbility));
  const makeSchema = requestSchema(names, makes, { images: false });
  const editSchema = requestSchema(names, edits, { images: true });
  const anySchema = requestSchema(names, all, { images: all.images > 0 });
  const tools: readonly (Tool<never> | false)[] = [
    {
      name: 'generate_image',
      title: 'Generate an image',
      description: `Makes pictures from a prompt and saves them. Each costs money. ${onRepeats}`,
      ...{ input: makeSchema, output: madeSchema, annotations: paying },
      run: (door, input: ToolInput, call) => makeImage(door, input, call),
    },
    edits.images > 0 && {
      name: 'edit_image',
      title: 'Edit an image',
      description: `Makes pictures from a prompt and pictures that there are, and saves them. Each costs money. ${onRepeats}`,
      ...{ input: editSchema, output: madeSchema, annotations: paying },
      run: (door, input: ToolInput, call) => makeImage(door, input, call),
    },
    {
      name: 'check_image',
      title: 'Check a request',
      description:
        'Says what each host would do with a request and what one picture costs there. Sends nothing, costs nothing.',
      ...{ input: checkSchema(anySchema), output: checkedSchema, annotations: reading },
      run: (door, input: ToolInput) => check(door, input),
    },
    {
      name: 'list_models',
      title: 'List the models',
      description:
        'The models there are: what each host takes and costs, and whether it edits pictures. Costs nothing.',
      ...{ input: strict({}), output: modelsSchema, annotations: reading },
      run: (door) => listModels(door),
    },
    {
      name: 'jobs',
      title: 'List open requests',
      description:
        'Requests that are paid, or may be, and whose pictures are not saved yet; what each costs, and what to do. Costs nothing.',
      ...{ input: strict({ intent_id: intentId }), output: jobsSchema, annotations: reading },
      run: (door, input: { readonly intent_id?: string }) => listJobs(door, input),
    },
    {
      name: 'resume',
      title: 'Fetch a paid picture',
      description:
        'Goes on with a request that is paid, after `processing`, an error or a timeout, and saves its pictures. Sends nothing that is not paid, and costs nothing more.',
      ...{ input: strict({ intent_id: intentId }, ['intent_id']), output: madeSchema },
      annotations: { ...paying, idempotentHint: true },
      run: (door, input: { readonly intent_id: string }, call) => resume(door, input, call),
    },
  ];
  return tools.filter((tool) => tool !== false);
}

/** Gives a server its tools. What a tool throws is told as its result, with what it cost. */
export function registerTools(server: McpServer, door: Door): void {
  for (const tool of toolsOf(door)) {
    const { name, title, description, annotations } = tool;
    const config = {
      ...{ title, description, annotations },
      ...{ inputSchema: fromJsonSchema(tool.input), outputSchema: fromJsonSchema(tool.output) },
    };
    server.registerTool(name, config, async (input: unknown, ctx: ServerContext) => {
      try {
        return await tool.run(door, input as never, { ctx, server });
      } catch (error) {
        return toErrorResult(error);
      }
    });
  }
}
