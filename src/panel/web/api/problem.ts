/** What the API answers when it refuses: RFC 9457 problem details, with the user's mistakes one by one. */
import { z } from 'zod';
import { AppError, type ErrorCode, messageOf } from '../../../base/errors';
import type { Logger } from '../../../base/logger';
import type { Problem } from '../../../model/problem';

export const ProblemDetails = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    /** A code of docs/errors.md, where the world is at fault. */
    code: z.string().optional(),
    problems: z
      .array(
        z.object({
          severity: z.enum(['error', 'warning']),
          message: z.string(),
          file: z.string().optional(),
          line: z.number().optional(),
          column: z.number().optional(),
          jail: z.string().optional(),
          option: z.string().optional(),
        }),
      )
      .optional(),
  })
  .meta({ title: 'Why a request was refused' });

export type ProblemAnswer = z.infer<typeof ProblemDetails>;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Who are you?',
  403: 'Not allowed',
  404: 'Not found',
  409: 'It has changed meanwhile',
  413: 'Too much data',
  415: 'Not JSON',
  422: 'Not acceptable',
  429: 'Too many attempts',
  500: 'Our own mistake',
  502: 'The engine refused',
  503: 'Not available now',
};

/** A request that is refused; thrown by endpoints. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export function problemAnswer(status: number, detail: string, more: { code?: string; problems?: readonly Problem[] } = {}): ProblemAnswer {
  const { code, problems = [] } = more;
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail: detail.slice(0, 2000),
    ...(code === undefined ? {} : { code }),
    ...(problems.length === 0 ? {} : { problems: problems.map((problem) => ({ ...problem })) }),
  };
}

const SILENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SERVER_NOT_RUNNING',
  'SERVER_NO_PERMISSION',
  'SERVER_TIMEOUT',
  'DATABASE_FAILED',
]);

/** The answer to anything that was thrown; our own mistakes keep their details to the log. */
export function problemOfError(error: unknown, logger: Logger): ProblemAnswer {
  if (error instanceof ApiError) return problemAnswer(error.status, error.message, { problems: error.problems });
  if (error instanceof z.ZodError)
    return problemAnswer(422, error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  if (error instanceof AppError) {
    const status = error.code === 'BAD_ARGUMENT' ? 422 : SILENT.has(error.code) ? 503 : 502;
    return problemAnswer(status, error.message, { code: error.code });
  }
  const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) return problemAnswer(status, messageOf(error));
  logger.log('ERROR', 'bailiff.web', error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error));
  return problemAnswer(500, 'It was written to the log; nothing was changed.');
}
