/** Reads what the children print: records of a filter test, line by line as far as they came, and the preview of a jail. */
import { z } from 'zod';
import type { ActionTrial } from '../../../model/action-trial';
import type { FilterTestRecord } from '../../../model/filter-test';
import type { JailPreview } from '../../../model/jail-preview';
import type { Problem } from '../../../model/problem';

const verdict = z.enum(['counted', 'no-date', 'prefix-missed', 'missed', 'ignored', 'no-failure', 'no-id', 'error']);
const option = z.enum(['prefregex', 'failregex', 'ignoreregex']);
const span = z.tuple([z.number().int().min(0), z.number().int().min(0)]).nullable();
const text = z.string().nullable();
const number = z.number().nullable();

const problem = z
  .object({
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    file: z.string().optional(),
    line: z.number().optional(),
    column: z.number().optional(),
    jail: z.string().optional(),
    option: z.string().optional(),
  })
  // absent fields stay absent
  .transform((fields) => fields as Problem);

const failure = z.object({ failregex: z.number(), id: text, address: text, dns: text, user: text, session: text, time: number });

const line = z.object({
  record: z.literal('line'),
  number: z.number(),
  text: z.string(),
  cut: z.boolean(),
  verdict,
  time: number,
  date: span,
  address: span,
  user: span,
  failure: failure.nullable(),
  ignoreregex: number,
  problem: text,
});

const danger = z.object({ kind: z.enum(['explosive', 'slow']), message: z.string(), column: z.number(), line: text, length: number });

const regex = z.object({
  option,
  regex: z.string(),
  hits: z.number(),
  tries: z.number(),
  microseconds: z.number(),
  longest: z.number(),
  longestLine: number,
  givenUp: z.number(),
  slow: z.boolean(),
  danger: danger.nullable(),
});

const summary = z.object({
  record: z.literal('summary'),
  subject: z.object({ kind: z.enum(['filter', 'jail', 'regex']), name: z.string() }),
  lines: z.number(),
  matched: z.number(),
  ignored: z.number(),
  missed: z.number(),
  verdicts: z.partialRecord(verdict, z.number()),
  shown: z.number(),
  skipped: z.number(),
  stopped: z.enum(['end', 'time']),
  seconds: z.number(),
  regexes: z.array(regex),
  dates: z.array(z.object({ name: z.string(), hits: z.number() })),
  problems: z.array(problem),
});

const slow = z.object({ record: z.literal('slow'), option, index: z.number(), line: z.number(), seconds: z.number() });
const error = z.object({ record: z.literal('error'), message: z.string() });

const record: z.ZodType<FilterTestRecord> = z.discriminatedUnion('record', [line, slow, summary, error]) as z.ZodType<FilterTestRecord>;

const preview: z.ZodType<JailPreview> = z.object({
  jail: z.string(),
  from: z.number(),
  to: z.number(),
  first: number,
  last: number,
  stopped: z.enum(['end', 'time', 'bytes']),
  lines: z.number(),
  bytes: z.number(),
  files: z.array(z.object({ path: z.string(), lines: z.number(), problem: text })),
  failures: z.number(),
  ignored: z.number(),
  ignoredBy: z.record(z.string(), z.number()),
  names: z.number(),
  banned: z.number(),
  addresses: z.number(),
  bans: z.array(
    z.object({
      id: z.string(),
      time: z.number(),
      bantime: z.number(),
      bancount: z.number(),
      failures: z.number(),
      users: z.array(z.string()),
      matches: z.array(z.string()),
    }),
  ),
  leftOut: z.array(z.enum(['ignorecommand', 'names', 'earlier bans'])),
  problems: z.array(problem),
  messages: z.array(z.string()),
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The records in an output, which may have been cut off anywhere: what is no whole record is left out. */
export function readRecords(output: string): readonly FilterTestRecord[] {
  return output.split('\n').flatMap((json) => {
    const read = json === '' ? undefined : record.safeParse(parsed(json));
    return read?.success === true ? [read.data] : [];
  });
}

/** The preview in an output; null when there is none. */
export function readPreview(output: string): JailPreview | null {
  const read = preview.safeParse(parsed(output));
  return read.success ? read.data : null;
}

const trial: z.ZodType<ActionTrial> = z.object({
  commands: z.array(z.object({ operation: z.string(), command: z.string(), arguments: z.array(z.string()) })),
  problems: z.array(problem),
});

/** What an action would execute, in an output; null when there is none. */
export function readActionTrial(output: string): ActionTrial | null {
  const read = trial.safeParse(parsed(output));
  return read.success ? read.data : null;
}
