/** Reads the body of a posted form: a list of texts for each name. Express's own parser takes seconds for ten thousand fields of one name, which marked rows are. */
import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from './error-page';

export interface FormLimits {
  /** Bytes of a body, as express takes them. */
  readonly limit: string | number;
  readonly parameterLimit: number;
  /** Whether a compressed body is read; true when nothing is said. */
  readonly inflate?: boolean;
  /** Sees the bytes before they are read; throws what is to be answered instead. */
  readonly verify?: (req: Request, body: Buffer) => void;
}

function fieldsOf(text: string, most: number): Readonly<Record<string, readonly string[]>> {
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > most) throw new HttpError(413, 'error.413');
    // Neither is a field of any page: express leaves both out.
    if (name === '' || name === '__proto__') continue;
    const known = fields.get(name);
    if (known === undefined) fields.set(name, [value]);
    else known.push(value);
  }
  return Object.fromEntries(fields);
}

/** Puts the fields of a form into the request's body; other bodies, and those that were read already, are left as they are. */
export function formParser({ parameterLimit, verify, ...limits }: FormLimits): RequestHandler {
  const look = verify === undefined ? {} : { verify: (req: object, _res: unknown, body: Buffer) => verify(req as Request, body) };
  const read = express.text({ type: 'application/x-www-form-urlencoded', ...limits, ...look });
  return (req, res, next) => {
    read(req, res, (error?: unknown) => {
      if (error !== undefined) return next(error);
      const body: unknown = req.body;
      try {
        if (typeof body === 'string') req.body = fieldsOf(body, parameterLimit);
      } catch (refused) {
        return next(refused);
      }
      next();
    });
  };
}
