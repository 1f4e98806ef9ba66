/** Draws requests that write: bodies of forms and of the API, from what each route really takes, damaged as broken programs and attackers would. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { type Endpoint } from '../../src/panel/web/api/endpoint';
import { ENDPOINTS } from '../../src/panel/web/api/endpoints';
import type { Route } from '../../src/panel/web/route';
import { ROUTES } from '../../src/panel/web/routes';
import { WHOLE_FORM } from '../support/all-routes';
import { EXAMPLES } from '../support/api';
import type { Random } from './random';

/** What is asked, without what says who asks. */
export interface FormInput {
  readonly target: { readonly route: Route } | { readonly endpoint: Endpoint };
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
  readonly body: Buffer;
}

const WEB = path.resolve(__dirname, '../../src/panel/web');
const LOOKED_FOR = /(?:form|fields?)\.(?:get|has|all)\(['`]([\w.-]+)/g;
const namesIn = (file: string): string[] =>
  [...readFileSync(path.join(WEB, file), 'utf8').matchAll(LOOKED_FOR)].map(([, name = '']) => name);
/** Every name that a page looks for in its form. */
const NAMES = [
  ...new Set([
    ...Object.keys(WHOLE_FORM),
    ...readdirSync(WEB, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap(namesIn),
    ...['bantime', 'findtime', 'maxretry', 'logpath', 'filter', 'action', 'port', 'ignoreip', 'bantime.increment', 'raw', 'add-action'],
  ]),
];
/** Those that a page looks for itself: most changes are of these. */
const OWN = new Map(ROUTES.map(({ page }) => [page, [...new Set([...namesIn(`pages/${page}.ts`), 'confirmed'])]]));
const TARGETS: readonly FormInput['target'][] = [
  ...ROUTES.filter(({ method, path: to, needsCsrf }) => method === 'post' && needsCsrf && to !== '/logout').map((route) => ({ route })),
  ...ENDPOINTS.map((endpoint) => ({ endpoint })),
];
const KNOWN = ['sshd', 'broken', 'mine', '198.51.100.7', '192.0.2.1', '192.0.2.9', 'state-1', '1', 'fail2ban.log', 'yes', 'on', ''];
const NASTY = [
  ...['\0', '\ud800', '\udfff', '\ufeff', '\u202e', '\r\n', '\n[x]\nenabled = true\n', '%', '%(x)s', '${x}', '{{x}}', '<script>', '"', "'"],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../etc/passwd', 'a/b', 'a\\b', '[]', '{}', 'null', 'undefined', 'NaN'],
  ...['-1', '0', '1e999', '99999999999999999999', '0x10', '1.5', '-0', '1h', '1w 2d', '9'.repeat(400), '٣', '1 2', '\t', ' '],
  ...['::', '::ffff:192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '192.0.2.200', '256.1.1.1', 'host.example', '2001:db8::/129', 'fe80::1%eth0'],
  ...['["sshd","198.51.100.7"]', '["sshd"]', '[null,null]', '[[[]]]', '{"a":1}', '["sshd",5]', '(', '^<HOST>(', 'x'.repeat(300)],
];

function drawText(random: Random): string {
  const kind = random.below(2000);
  if (kind === 0) return random.pick(['x', 'a b ', '192.0.2.1\n', '\ud83d', '(']).repeat(random.below(20_000));
  if (kind < 700) return random.pick(NASTY);
  if (kind < 900) return random.pick(NASTY) + random.pick(KNOWN);
  if (kind < 1100) return random.pick(KNOWN) + random.pick(NASTY);
  return random.pick(KNOWN);
}

function encoded(random: Random, text: string): string {
  if (random.chance(0.03)) return text;
  const percent = encodeURIComponent(Buffer.from(text).toString());
  return random.chance(0.05) ? percent.replace(/%/g, () => random.pick(['%', '%u00', '%25', '%%', ''])) : percent;
}

const WRONG = ['%', '%z', '%0', '%00', '%ff', '%ed%a0%80', '%c0%af', '+', '&', '&&', '=', ';', '[', ']', '[]=', '[a]', '\0', '\n'];

function formBody(random: Random, own: readonly string[]): string {
  const fields: [string, string][] = [];
  // Fields of other pages: many in few forms, for it is the parser that they cost.
  const foreign = random.pick([0, 0.02, 0.05, 0.3]);
  for (const name of NAMES)
    if (random.chance(own.includes(name) ? 0.9 : foreign)) fields.push([name, WHOLE_FORM[name] ?? random.pick(KNOWN)]);
  for (let changes = random.pick([0, 1, 1, 2, 3, 6]); changes > 0; changes--) {
    const at = random.below(fields.length + 1);
    const name = random.chance(0.9) ? random.pick(random.chance(0.7) ? own : NAMES) : drawText(random).slice(0, 1000);
    switch (random.below(6)) {
      case 0:
        fields.splice(at, 1);
        break;
      case 1:
        fields.splice(at, 0, ...Array.from({ length: random.pick([1, 2, 30]) }, (): [string, string] => [name, drawText(random)]));
        break;
      case 2:
        fields.splice(at, 0, [`${name}${random.pick(['[]', '[a]', '[0]', '[__proto__]', '.x', '[a][b]'])}`, drawText(random)]);
        break;
      default: {
        const known = fields.findIndex(([other]) => other === name);
        fields.splice(known < 0 ? at : known, 1, [name, drawText(random)]);
      }
    }
  }
  if (random.chance(0.00003)) for (let count = random.below(25_000); count > 0; count--) fields.push(['item', '["sshd","1"]']);
  return fields.map(([name, value]) => `${encoded(random, name)}=${encoded(random, value)}`).join('&');
}

/** A value of JSON with one place changed. */
function changedJson(random: Random, value: unknown): unknown {
  const inside = typeof value === 'object' && value !== null && random.chance(0.75);
  if (inside && Array.isArray(value)) {
    const list: unknown[] = [...(value as unknown[])];
    const at = random.below(list.length + 1);
    if (random.chance(0.2)) list.splice(at, 0, ...Array.from({ length: random.pick([1, 1, 3, 50]) }, () => list[0] ?? drawText(random)));
    else list.splice(at, 1, changedJson(random, list[at]));
    return list;
  }
  if (inside) {
    const entries = Object.entries(value);
    const at = random.below(entries.length + 1);
    const name = random.chance(0.3) ? drawText(random).slice(0, 400) : (entries[at]?.[0] ?? random.pick(NAMES));
    if (random.chance(0.15)) entries.splice(at, 1);
    else entries.splice(at, 1, [name, changedJson(random, entries[at]?.[1])]);
    return Object.fromEntries(entries);
  }
  switch (random.below(10)) {
    case 0:
      return random.pick([null, true, false, [], {}, [[]], { a: [] }]);
    case 1:
      return random.pick([0, -1, 1.5, 1e308, 2 ** 53, -0, 600, 3_650, 4_294_967_296]);
    case 2: {
      let nested: unknown = 1;
      for (let depth = random.below(40); depth > 0; depth--) nested = random.chance(0.5) ? [nested] : { a: nested };
      return nested;
    }
    default:
      return drawText(random);
  }
}

function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const put = (piece: Buffer | string, skip = 0): Buffer =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(piece), bytes.subarray(at + skip)]);
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return put(random.pick(WRONG), random.below(3));
    case 2:
      return put(Buffer.from([random.below(256)]), 1);
    case 3:
      return put(bytes.subarray(at, at + random.below(60)));
    default:
      return put(random.pick(['\\ud800', '\\u0000', ',', '}', '"', '[[[[', '\ufeff', '1e999', '&_csrf=x', '\xff\xfe']));
  }
}

/** The names of parameters in a path of either spelling. */
const paramsIn = (text: string): readonly string[] => [...text.matchAll(/[:{](\w+)/g)].map(([, name = '']) => name);

/** A request to any route that takes a form or is the API's. */
export function drawForm(random: Random): FormInput {
  const target = random.pick(TARGETS);
  const goodParams: Record<string, string> = { id: '198.51.100.7', name: random.pick(['sshd', 'mine']) };
  // A path is UTF-8: half characters are refused before any route is looked for.
  const params = (text: string, good: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      paramsIn(text).map((name) => [
        name,
        random.chance(0.85) ? (good[name] ?? random.pick(KNOWN)) : Buffer.from(drawText(random).slice(0, 500)).toString(),
      ]),
    );
  if ('route' in target) {
    const body = Buffer.from(formBody(random, OWN.get(target.route.page) ?? NAMES));
    return { target, params: params(target.route.path, goodParams), query: '', body: random.chance(0.2) ? damaged(random, body) : body };
  }
  const { method, path: to } = target.endpoint;
  const good = EXAMPLES[`${method} ${to}`]?.good ?? {};
  let json: unknown = good.body;
  for (let changes = random.pick([0, 1, 1, 2, 4]); changes > 0; changes--) json = changedJson(random, json);
  const body = Buffer.from(json === undefined || target.endpoint.body === null ? '' : JSON.stringify(json));
  const query = new URLSearchParams({ ...good.query });
  if (random.chance(0.4))
    query.set(random.chance(0.7) && query.size > 0 ? random.pick([...query.keys()]) : random.pick(NAMES), drawText(random).slice(0, 300));
  return {
    ...{ target, params: params(to, good.params ?? goodParams) },
    query: query.toString(),
    body: random.chance(0.2) ? damaged(random, body) : body,
  };
}

/** One of these, its body changed once more. */
export function changedForm(random: Random, kept: readonly FormInput[]): FormInput {
  const input = random.pick(kept);
  let { body } = input;
  for (let changes = random.pick([1, 1, 2, 4]); changes > 0; changes--) body = damaged(random, body);
  return { ...input, body };
}
