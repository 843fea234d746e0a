import {
  type Attributes,
  type Context,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** A span that can do no harm: what a tracer throws ends here, and the next span is started all the same. */
export interface SafeSpan {
  /** Where children are started. */
  readonly inside: Context;
  rename(name: string): void;
  set(attributes: Attributes): void;
  note(name: string, attributes: Attributes, at: number): void;
  fail(code: string | undefined): void;
  end(at: number): void;
}

export function openSpan(tracer: Tracer, name: string, parent: Context, options: SpanOptions): SafeSpan {
  const span = quietly(() => tracer.startSpan(name, options, parent));
  const use = (work: (span: Span) => unknown): void => void (span && quietly(() => work(span)));
  return {
    inside: (span && quietly(() => trace.setSpan(parent, span))) ?? parent,
    rename: (next) => use((each) => each.updateName(next)),
    set: (attributes) => use((each) => each.setAttributes(attributes)),
    note: (event, attributes, at) => use((each) => each.addEvent(event, attributes, at)),
    fail: (code) => {
      if (code !== undefined) use((each) => each.setAttribute('error.type', code));
      use((each) => each.setStatus({ code: SpanStatusCode.ERROR }));
    },
    end: (at) => use((each) => each.end(at)),
  };
}

/** What work returns, or nothing when it throws. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
