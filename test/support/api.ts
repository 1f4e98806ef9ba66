/** Calls of the API with tokens, and a good and some bad examples of every endpoint, for tests. */
import request from 'supertest';
import type { Endpoint } from '../../src/panel/web/api/endpoint';
import { hashOfSecret, newSecret } from '../../src/panel/web/api/token';
import { NOW, type TestWeb } from './web';

/** Makes a token; returns its secret. */
export async function tokenOf(web: TestWeb, readOnly: boolean, name = 'robot'): Promise<string> {
  const secret = newSecret();
  await web.notebook.addToken({ name, readOnly, createdBy: 'admin', created: NOW, hash: hashOfSecret(secret) });
  return secret;
}

/** What is sent to an endpoint. */
export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends a call; with no secret it comes from nobody. */
export function send(web: TestWeb, { method, path }: Pick<Endpoint, 'method' | 'path'>, call: Call, secret: string | null): request.Test {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(call.params?.[name] ?? ''));
  const test = request(web.app)
    [method](`/api/v1${filled}`)
    .query(call.query ?? {});
  if (secret !== null) void test.set('Authorization', `Bearer ${secret}`);
  return call.body === undefined ? test : test.send(call.body as object);
}

export interface Example {
  readonly good: Call;
  /** Each is refused with 422. */
  readonly bad: readonly Call[];
  /** Each is refused with 404. */
  readonly unknown?: readonly Call[];
}

const item = { jail: 'sshd', id: '198.51.100.7' };
const long = 'x'.repeat(300);
const definition = (word: string): Readonly<Record<string, Example>> => ({
  [`get /${word}s`]: { good: {}, bad: [] },
  [`get /${word}s/{name}`]: {
    good: { params: { name: 'mine' } },
    bad: [{ params: { name: long } }],
    unknown: [{ params: { name: 'nowhere' } }, { params: { name: '../mine' } }],
  },
  [`put /${word}s/{name}`]: {
    good: { params: { name: 'fresh' }, body: { text: '[Definition]\n' } },
    bad: [
      { params: { name: 'fresh' }, body: {} },
      { params: { name: 'fresh' }, body: { text: 5 } },
      { params: { name: 'fresh' }, body: { text: 'x'.repeat(200_001) } },
      { params: { name: '../fresh' }, body: { text: '' } },
      { params: { name: 'a b' }, body: { text: '' } },
      { params: { name: 'new\nline' }, body: { text: '' } },
    ],
  },
  [`delete /${word}s/{name}`]: {
    good: { params: { name: 'mine' } },
    bad: [{ params: { name: long } }],
    unknown: [{ params: { name: 'nowhere' } }],
  },
});

/** By method and path. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'get /status': { good: {}, bad: [] },
  'get /bans': {
    good: { query: { search: '198', sort: 'address', order: 'ascending', limit: '5', page: '1' } },
    bad: [
      { query: { sort: 'mood' } },
      { query: { order: 'up' } },
      { query: { page: '0' } },
      { query: { page: '1.5' } },
      { query: { limit: '1001' } },
      { query: { limit: 'x' } },
      { query: { country: 'DEU' } },
      { query: { search: long } },
    ],
  },
  'get /bans/reason': { good: { query: item }, bad: [{}, { query: { jail: 'sshd' } }, { query: { ...item, id: long } }] },
  'post /bans': {
    good: { body: { ids: ['192.0.2.1'], jail: 'sshd', duration: 600, reason: 'scan' } },
    bad: [
      { body: {} },
      { body: [] },
      { body: { ids: [] } },
      { body: { ids: '192.0.2.1' } },
      { body: { ids: [5] } },
      { body: { ids: [long] } },
      { body: { ids: Array.from({ length: 10_001 }, () => '192.0.2.1') } },
      { body: { ids: ['192.0.2.1'], duration: -2 } },
      { body: { ids: ['192.0.2.1'], duration: 0 } },
      { body: { ids: ['192.0.2.1'], duration: 1.5 } },
      { body: { ids: ['192.0.2.1'], duration: '1h' } },
      { body: { ids: ['192.0.2.1'], reason: 'x'.repeat(1001) } },
    ],
    unknown: [{ body: { ids: ['192.0.2.1'], jail: 'nowhere' } }],
  },
  'post /bans/unban': {
    good: { body: { items: [item] } },
    bad: [{ body: {} }, { body: { items: [] } }, { body: { items: [{ id: '1' }] } }, { body: { items: [{ jail: '', id: '1' }] } }],
  },
  'post /bans/prolong': {
    good: { body: { items: [item], duration: -1 } },
    bad: [
      { body: { items: [item] } },
      { body: { items: [{ jail: null, id: '1' }], duration: 5 } },
      { body: { items: [item], duration: 1e11 } },
      { body: { items: [item], duration: 0 } },
    ],
  },
  'get /addresses/{id}': { good: { params: { id: '198.51.100.7' } }, bad: [{ params: { id: long } }] },
  'post /addresses/{id}/notes': {
    good: { params: { id: '198.51.100.7' }, body: { text: 'a note' } },
    bad: [
      { params: { id: '198.51.100.7' }, body: { text: ' ' } },
      { params: { id: '198.51.100.7' }, body: { text: 'x'.repeat(1001) } },
      { params: { id: long }, body: { text: 'a' } },
    ],
  },
  'delete /addresses/{id}/notes/{note}': {
    good: { params: { id: '198.51.100.7', note: '1' } },
    bad: [{ params: { id: '198.51.100.7', note: 'x' } }],
    unknown: [{ params: { id: '198.51.100.7', note: '99' } }, { params: { id: '192.0.2.1', note: '1' } }],
  },
  'get /events': {
    good: { query: { jail: 'sshd', kind: 'ban', from: String(NOW - 3600), range: '198.51.100.0/24', limit: '10' } },
    bad: [
      { query: { kind: 'party' } },
      { query: { from: 'x' } },
      { query: { asn: '-1' } },
      { query: { limit: '0' } },
      { query: { range: 'nonsense' } },
      { query: { before: 'nonsense' } },
    ],
  },
  'get /counts': {
    good: { query: { from: String(NOW - 3600), to: String(NOW), by: 'jail' } },
    bad: [{}, { query: { from: '0' } }, { query: { from: '0', to: '1', step: 'year' } }, { query: { from: '0', to: '1e12' } }],
  },
  'get /top': {
    good: { query: { from: String(NOW - 3600), to: String(NOW), of: 'address' } },
    bad: [{}, { query: { from: '0', to: '1', of: 'mood' } }, { query: { from: '0', to: '1', of: 'jail', limit: '9999' } }],
  },
  'get /jails': { good: {}, bad: [] },
  'get /jails/{name}': {
    good: { params: { name: 'sshd' } },
    bad: [{ params: { name: long } }],
    unknown: [{ params: { name: 'nowhere' } }],
  },
  'post /jails': {
    good: { body: { name: 'shop', options: { filter: 'sshd', logpath: '/var/log/shop.log' } } },
    bad: [
      { body: { name: 'shop' } },
      { body: { name: '', options: {} } },
      { body: { name: 'a]\n[b', options: {} } },
      { body: { name: '../b', options: {} } },
      { body: { name: 'shop', options: { bantime: 5 } } },
      { body: { name: 'shop', options: { [long]: '5' } } },
      { body: { name: 'shop', options: { bantime: 'x'.repeat(20_001) } } },
    ],
  },
  'patch /jails/{name}': {
    good: { params: { name: 'sshd' }, body: { options: { bantime: '1h', maxretry: null }, observing: true } },
    bad: [
      { params: { name: 'sshd' }, body: { options: { bantime: 5 } } },
      { params: { name: 'sshd' }, body: { observing: 'yes' } },
      { params: { name: 'sshd' }, body: [] },
    ],
    unknown: [{ params: { name: 'nowhere' }, body: { options: { bantime: '1h' } } }],
  },
  'delete /jails/{name}': {
    good: { params: { name: 'sshd' } },
    bad: [{ params: { name: long } }],
    unknown: [{ params: { name: 'nowhere' } }],
  },
  'get /jails/{name}/raw': {
    good: { params: { name: 'sshd' } },
    bad: [{ params: { name: long } }],
    unknown: [{ params: { name: 'nowhere' } }],
  },
  'put /jails/{name}/raw': {
    good: { params: { name: 'sshd' }, body: { text: '[sshd]\nbantime = 1h\n' } },
    bad: [
      { params: { name: 'sshd' }, body: {} },
      { params: { name: 'sshd' }, body: { text: 'x'.repeat(200_001) } },
    ],
    unknown: [{ params: { name: 'nowhere' }, body: { text: '' } }],
  },
  'post /jails/switch': {
    good: { body: { jails: ['sshd', 'broken'], on: false } },
    bad: [{ body: { jails: [], on: true } }, { body: { jails: ['sshd'] } }, { body: { jails: ['sshd'], on: 'yes' } }],
  },
  'post /jails/{name}/preview': {
    good: { params: { name: 'sshd' }, body: { options: { maxretry: '1' }, since: 3600 } },
    bad: [
      { params: { name: 'sshd' }, body: { since: 59 } },
      { params: { name: 'sshd' }, body: { since: 30 * 86_400 + 1 } },
    ],
    unknown: [{ params: { name: 'nowhere' }, body: {} }],
  },
  'post /filters/check': { good: { body: { text: '(' } }, bad: [{ body: {} }, { body: { text: 'x'.repeat(200_001) } }] },
  'post /filters/test': {
    good: { body: { name: 'sshd', lines: 'a line' } },
    bad: [
      { body: {} },
      { body: { name: 'sshd' } },
      { body: { lines: 'a' } },
      { body: { name: 'sshd', lines: 'a', limit: 0 } },
      { body: { name: 'sshd', lines: 'x'.repeat(200_001) } },
    ],
  },
  ...definition('filter'),
  ...definition('action'),
  'post /actions/{name}/test': {
    good: { params: { name: 'mine' }, body: { address: '2001:db8::1', options: 'name=x' } },
    bad: [
      { params: { name: 'mine' }, body: { address: '198.51.100.7' } },
      { params: { name: 'mine' }, body: { options: 'x'.repeat(2001) } },
    ],
    unknown: [{ params: { name: 'nowhere' }, body: {} }],
  },
  'get /trusted': { good: {}, bad: [] },
  'post /trusted': {
    good: { body: { entries: [{ entry: '192.0.2.1', note: 'office' }] } },
    bad: [
      { body: { entries: [] } },
      { body: { entries: [{ entry: '' }] } },
      { body: { entries: [{ entry: '192.0.2.1', note: 'x'.repeat(1001) }] } },
      { body: { entries: Array.from({ length: 1001 }, () => ({ entry: '192.0.2.1' })) } },
    ],
    unknown: [{ body: { entries: [{ entry: '192.0.2.1', jail: 'nowhere' }] } }],
  },
  'post /trusted/remove': {
    good: { body: { entries: [{ entry: '192.0.2.8' }] } },
    bad: [{ body: { entries: [] } }, { body: { entries: ['192.0.2.8'] } }],
  },
  'get /settings': { good: {}, bad: [] },
  'patch /settings': {
    good: { body: { defaults: { bantime: '2h' }, server: { loglevel: null } } },
    bad: [{ body: { defaults: { bantime: 5 } } }, { body: { server: [] } }],
  },
  'get /history': { good: {}, bad: [] },
  'patch /history': {
    good: { body: { days: 90 } },
    bad: [{ body: {} }, { body: { days: 0 } }, { body: { days: 3651 } }, { body: { days: 1.5 } }, { body: { days: '90' } }],
  },
  'get /engine': { good: {}, bad: [] },
  'post /engine': {
    good: { body: { engine: 'bailiff' } },
    bad: [{ body: {} }, { body: { engine: 'other' } }, { body: { running: 'no' } }],
  },
  'get /logs': { good: {}, bad: [] },
  'get /logs/{name}': {
    good: { params: { name: 'fail2ban.log' }, query: { level: 'NOTICE', limit: '5' } },
    bad: [
      { params: { name: 'fail2ban.log' }, query: { from: '-1' } },
      { params: { name: 'fail2ban.log' }, query: { direction: 'up' } },
    ],
    unknown: [{ params: { name: 'nowhere' } }, { params: { name: '../../etc/passwd' } }],
  },
  'get /audit': { good: { query: { limit: '5', who: 'token robot' } }, bad: [{ query: { before: 'x' } }, { query: { limit: '0' } }] },
  'get /states': { good: {}, bad: [] },
  'get /states/{id}': {
    good: { params: { id: 'state-1' } },
    bad: [{ params: { id: 'x'.repeat(101) } }],
    unknown: [{ params: { id: 'state-99' } }, { params: { id: 'state-1' }, query: { to: 'state-99' } }],
  },
  'post /states/{id}/restore': {
    good: { params: { id: 'state-1' } },
    bad: [{ params: { id: 'x'.repeat(101) } }],
    unknown: [{ params: { id: 'state-99' } }],
  },
  'get /export': { good: {}, bad: [] },
  'post /import': {
    good: { body: { bailiff: 'configuration', version: 1, files: { 'jail.local': '[sshd]\n' } } },
    bad: [
      { body: {} },
      { body: { bailiff: 'configuration', version: 2, files: {} } },
      { body: { bailiff: 'configuration', version: 1, files: { [long]: '' } } },
      { body: { bailiff: 'configuration', version: 1, files: { a: 5 } } },
    ],
  },
};
