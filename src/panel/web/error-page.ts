/** Makes the page for anything that was thrown: what the reader may know, and a status that says whose mistake it was. */
import { AppError, type ErrorCode, messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { HtmlAnswer } from './page';

type Reason = 'error.400' | 'error.403' | 'error.404' | 'error.413' | 'error.500' | 'error.502' | 'error.503';

/** A request that is refused before or instead of a page. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly reason: Reason,
  ) {
    super(reason);
    this.name = 'HttpError';
  }
}

/** Errors that mean: there is no engine to talk to. */
const SILENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['SERVER_NOT_RUNNING', 'SERVER_NO_PERMISSION', 'SERVER_TIMEOUT', 'PROTOCOL']);
const MAX_DETAIL = 500;

function page(status: number, reason: Reason, detail: string | null = null): HtmlAnswer {
  const hint = `${reason}Hint`;
  return {
    kind: 'page',
    status,
    view: 'error',
    title: reason,
    data: { reason, hint, status, detail: detail?.slice(0, MAX_DETAIL) },
  };
}

/** Status of an error that express or its body parser made. */
function statusOf(error: unknown): number {
  const status: unknown = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : 500;
}

export function errorPage(error: unknown, logger: Logger): HtmlAnswer {
  if (error instanceof HttpError) return page(error.status, error.reason);
  if (error instanceof AppError) {
    logger.log('WARNING', 'bailiff.web', `${error.code}: ${error.message}`);
    if (error.code === 'BAD_ARGUMENT') return page(422, 'error.400', error.message);
    return SILENT.has(error.code) ? page(503, 'error.503', error.message) : page(502, 'error.502', error.message);
  }
  const status = statusOf(error);
  if (status === 413) return page(413, 'error.413');
  if (status >= 400 && status < 500) return page(400, 'error.400');
  logger.log('ERROR', 'bailiff.web', error instanceof Error && error.stack !== undefined ? error.stack : messageOf(error));
  return page(500, 'error.500');
}
