/** Forms are read as express reads them, and with as many fields of one name as there are marked rows. */
import express, { type RequestHandler } from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { HttpError } from '../../../src/panel/web/error-page';
import { formOf } from '../../../src/panel/web/form';
import { formParser } from '../../../src/panel/web/form-parser';

const FORM = 'application/x-www-form-urlencoded';

/** What a parser makes of a body, as pages see it: names with their values, or the status of the refusal. */
async function parsed(parser: RequestHandler, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const app = express();
  app.post('/', parser, (req, res) => {
    const form = formOf(req.body);
    res.json(form.names().map((name) => [name, form.all(name)]));
  });
  const refuse: express.ErrorRequestHandler = (error: { readonly status?: number }, _req, res, next) => {
    if (res.headersSent) next(error);
    else res.json(error.status ?? 500);
  };
  app.use(refuse);
  const asked = request(app)
    .post('/')
    .set({ 'Content-Type': FORM, ...headers });
  return ((await asked.send(body)) as { readonly body: unknown }).body;
}

const ours = formParser({ limit: '4mb', parameterLimit: 100 });
const theirs = express.urlencoded({ extended: false, limit: '4mb', parameterLimit: 100 });

test('a form is what express makes of it', async () => {
  const name = fc.oneof(fc.constantFrom('item', 'a', '_csrf', 'option-bantime', 'ä'), fc.stringMatching(/^[\w .-]{1,8}$/));
  const fields = fc.array(fc.tuple(name, fc.string({ unit: 'grapheme' })), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fields, async (pairs) => {
      const body = new URLSearchParams(pairs).toString();
      expect(await parsed(ours, body)).toEqual(await parsed(theirs, body));
    }),
    { numRuns: 60, seed: 1 },
  );
});

test.each(['', '&&', '=', 'a', 'a=%', 'a=%zz&b=1', 'a=1+2&a=%2B', '__proto__=1&a=2', '+=1', 'a=1&a=2&b=3&a=4', 'a==b=c', 'a=%C3%A4'])(
  'so is the body %j',
  async (body) => {
    expect(await parsed(ours, body)).toEqual(await parsed(theirs, body));
  },
);

test('twenty thousand fields of one name are a list, one more is too much', async () => {
  const many = formParser({ limit: '4mb', parameterLimit: 20_000 });
  const body = Array.from({ length: 20_000 }, (_none, at) => `item=${at}`).join('&');
  const [[name, values]] = (await parsed(many, body)) as [[string, string[]]];
  expect([name, values.length, values[0], values.at(-1)]).toEqual(['item', 20_000, '0', '19999']);
  expect(await parsed(many, `${body}&item=x`)).toBe(413);
});

test('what is no form is left alone, what cannot be read is refused', async () => {
  expect(await parsed(ours, '{"a":1}', { 'Content-Type': 'application/json' })).toEqual([]);
  expect(await parsed(ours, 'a=1', { 'Content-Type': `${FORM}; charset=x` })).toBe(415);
  expect(await parsed(formParser({ limit: 3, parameterLimit: 9 }), 'a=12')).toBe(413);
  expect(await parsed(formParser({ limit: 30, parameterLimit: 9, inflate: false }), 'a=1', { 'Content-Encoding': 'gzip' })).toBe(415);
});

test('its bytes are seen before it is read, and may be refused', async () => {
  const seen: string[] = [];
  const verify = (_req: object, body: Buffer): void => {
    seen.push(body.toString());
    if (seen.length > 1) throw new HttpError(403, 'error.403');
  };
  const looked = formParser({ limit: '4mb', parameterLimit: 9, verify });
  expect(await parsed(looked, 'a=%31')).toEqual([['a', ['1']]]);
  expect(await parsed(looked, 'a=2')).toBe(403);
  expect(seen).toEqual(['a=%31', 'a=2']);
});
