import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { addAudit } from '../../../src/panel/history/audit-log';
import type { HistoryDatabase } from '../../../src/panel/history/database';
import type { AuditEntry } from '../../../src/panel/history/notebook';
import { openHistoryDatabase } from '../../../src/panel/history/open-history';
import { SqliteNotebook } from '../../../src/panel/history/sqlite-notebook';

let database: HistoryDatabase;
let notebook: SqliteNotebook;

beforeEach(async () => {
  database = await openHistoryDatabase(':memory:', systemClock, silentLogger);
  notebook = new SqliteNotebook(database);
});

afterEach(() => database.close());

test('notes are kept by address, oldest first, in any spelling of it', async () => {
  const first = { address: '2001:db8::1', time: 10.5, who: 'admin', text: '<b>the office</b>' };
  const id = await notebook.addNote({ ...first, address: '2001:0DB8::1' });
  await notebook.addNote({ ...first, time: 5, text: 'before' });
  await notebook.addNote({ ...first, address: '192.0.2.1' });
  expect((await notebook.notes('2001:DB8:0::1')).map(({ text }) => text)).toEqual(['before', '<b>the office</b>']);
  expect((await notebook.notes('2001:db8::1'))[1]).toEqual({ id, ...first });
  expect(await notebook.removeNote(id)).toBe(true);
  expect(await notebook.removeNote(id)).toBe(false);
  expect(await notebook.notes('2001:db8::1')).toHaveLength(1);
});

test('texts have their bounds', async () => {
  const note = { address: '192.0.2.1', time: 1, who: 'admin', text: 'x'.repeat(4001) };
  const refused = { code: 'BAD_ARGUMENT' };
  await expect(async () => notebook.addNote(note)).rejects.toMatchObject(refused);
  await expect(notebook.putSetting('key', 'x'.repeat(64_001))).rejects.toMatchObject(refused);
  await expect(
    notebook.putManualBan({ jail: 'ssh', id: 'a', who: 'x'.repeat(1001), time: 1, reason: '', until: null }),
  ).rejects.toMatchObject(refused);
  expect(await notebook.notes('192.0.2.1')).toEqual([]);
});

describe('the audit log', () => {
  const entry = (at: number, more: Partial<AuditEntry> = {}): Omit<AuditEntry, 'id'> => ({
    time: at,
    who: at % 2 === 0 ? 'admin' : 'operator',
    client: '192.0.2.9',
    action: at % 3 === 0 ? 'bans.unban' : 'jail.edit',
    subject: `jail-${at}`,
    before: null,
    after: null,
    ok: true,
    message: null,
    ...more,
  });
  const subjects = (list: { entries: readonly AuditEntry[] }): string[] => list.entries.map(({ subject }) => subject);

  it('lists the newest first, page by page', async () => {
    for (let at = 0; at < 7; at++) await notebook.audit(entry(at));
    const first = await notebook.auditList({ limit: 4 });
    expect(subjects(first)).toEqual(['jail-6', 'jail-5', 'jail-4', 'jail-3']);
    const second = await notebook.auditList({ limit: 4, before: first.next ?? 0 });
    expect(subjects(second)).toEqual(['jail-2', 'jail-1', 'jail-0']);
    expect(second.next).toBeNull();
    expect(second.entries[2]).toEqual({ id: 1, ...entry(0) });
  });

  it('is searched by action, by whoever did it, and by text', async () => {
    for (let at = 0; at < 7; at++) await notebook.audit(entry(at));
    await notebook.audit(entry(8, { before: 'bantime = 10m', after: 'bantime = 1H', ok: false, message: 'refused' }));
    expect(subjects(await notebook.auditList({ limit: 9, action: 'bans.unban' }))).toEqual(['jail-6', 'jail-3', 'jail-0']);
    expect(subjects(await notebook.auditList({ limit: 9, action: 'bans.unban', who: 'admin' }))).toEqual(['jail-6', 'jail-0']);
    expect(subjects(await notebook.auditList({ limit: 9, text: '1h' }))).toEqual(['jail-8']);
    expect(subjects(await notebook.auditList({ limit: 2, text: 'JAIL', who: 'operator' }))).toEqual(['jail-5', 'jail-3']);
    expect(await notebook.auditList({ limit: 9, text: '%' })).toEqual({ entries: [], next: null });
  });

  it('cuts what is too long instead of refusing it', async () => {
    await notebook.audit(entry(1, { before: 'x'.repeat(100_000), who: 'y'.repeat(5000) }));
    const [kept] = (await notebook.auditList({ limit: 1 })).entries;
    expect(kept?.before).toHaveLength(64_000);
    expect(kept?.before?.endsWith('…')).toBe(true);
    expect(kept?.who).toHaveLength(1000);
  });

  it('keeps a bounded number, the newest', async () => {
    for (let at = 0; at < 8; at++) await database.write((sql) => addAudit(sql, entry(at), 3));
    expect(subjects(await notebook.auditList({ limit: 9 }))).toEqual(['jail-7', 'jail-6', 'jail-5']);
  });
});

test('trusted entries are kept by entry and jail', async () => {
  const info = { entry: '192.0.2.0/24', jail: null, note: 'office', who: 'admin', added: 10, end: null };
  await notebook.putTrusted(info);
  await notebook.putTrusted({ ...info, jail: 'ssh', end: 99 });
  await notebook.putTrusted({ ...info, note: 'the new office' });
  expect(await notebook.trusted()).toEqual([
    { ...info, note: 'the new office' },
    { ...info, jail: 'ssh', end: 99 },
  ]);
  await notebook.removeTrusted('192.0.2.0/24', null);
  expect(await notebook.trusted()).toEqual([{ ...info, jail: 'ssh', end: 99 }]);
});

test('bans by hand are kept by jail and id', async () => {
  const ban = { jail: 'ssh', id: '192.0.2.1', who: 'admin', time: 10, reason: 'rude', until: null };
  await notebook.putManualBan(ban);
  await notebook.putManualBan({ ...ban, jail: 'web', until: 99 });
  await notebook.putManualBan({ ...ban, id: '192.0.2.2' });
  await notebook.putManualBan({ ...ban, reason: 'ruder' });
  expect(await notebook.manualBans()).toHaveLength(3);
  expect(await notebook.manualBans(['192.0.2.1', '192.0.2.1', '203.0.113.1'])).toEqual([
    { ...ban, reason: 'ruder' },
    { ...ban, jail: 'web', until: 99 },
  ]);
  await notebook.removeManualBan('ssh', '192.0.2.1');
  expect((await notebook.manualBans(['192.0.2.1'])).map(({ jail }) => jail)).toEqual(['web']);
});

test('tokens are found by their hash, and their use is noted to the minute', async () => {
  const id = await notebook.addToken({ name: 'monitoring', readOnly: true, createdBy: 'admin', created: 10, hash: 'aa' });
  const token = { id, name: 'monitoring', readOnly: true, createdBy: 'admin', created: 10 };
  expect(await notebook.tokens()).toEqual([{ ...token, lastUsed: null }]);
  expect(await notebook.tokenByHash('aa', 100)).toEqual({ ...token, lastUsed: 100 });
  expect(await notebook.tokenByHash('aa', 130)).toEqual({ ...token, lastUsed: 100 });
  expect(await notebook.tokenByHash('aa', 160)).toEqual({ ...token, lastUsed: 160 });
  expect(await notebook.tokenByHash('AA', 160)).toBeNull();
  await expect(notebook.addToken({ name: 'twin', readOnly: true, createdBy: 'admin', created: 10, hash: 'aa' })).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
  });
  expect(await notebook.revokeToken(id)).toBe(true);
  expect(await notebook.revokeToken(id)).toBe(false);
  expect(await notebook.tokenByHash('aa', 160)).toBeNull();
});

test('settings are texts', async () => {
  expect(await notebook.setting('retention.days')).toBeNull();
  await notebook.putSetting('retention.days', '90');
  await notebook.putSetting('retention.days', '30');
  expect(await notebook.setting('retention.days')).toBe('30');
});
