/** Edits of a shell whose program is gone or stands still: taken back by whoever comes first, and not a moment earlier. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { AppError } from '../../../../src/base/errors';
import { silentLogger } from '../../../../src/base/logger';
import { startOfProcess } from '../../../../src/base/process-life';
import type { BanWish } from '../../../../src/panel/control/bans/ban-desk';
import { createBanDesk } from '../../../../src/panel/control/bans/desk';
import { manualBansInMemory } from '../../../../src/panel/control/bans/manual-bans';
import type { HandleDeps } from '../../../../src/panel/control/handle/dead-mans-handle';
import { bansBack, bansBefore, bansSince } from '../../../../src/panel/control/handle/earlier-bans';
import { type HeldEdit, HeldFile } from '../../../../src/panel/control/handle/held-edit';
import { takeBackLeft, waitingInShell } from '../../../../src/panel/control/handle/left-behind';
import { trustedNotesInMemory } from '../../../../src/panel/control/trusted/trusted-notes';
import { manualClock } from '../../../support/clock';
import { TinyControl } from '../../../support/control';
import { temporaryFolder } from '../../../support/folder';

const folder = temporaryFolder('bailiff-left-');
afterAll(() => folder.remove());
/** When this process began. */
const BEGAN = Math.ceil(startOfProcess(process.pid) ?? 0);
const GONE = spawnSync('true').pid;
let count = 0;

function world(held: Partial<HeldEdit>) {
  const clock = manualClock(BEGAN + 1000);
  const control = new TinyControl([{ name: 'ssh' }], [{ jail: 'ssh', id: '192.0.2.7', time: clock.now(), bantime: 600 }]);
  const changed = (): void => undefined;
  const desk = createBanDesk({
    control,
    clock,
    database: { written: async () => null },
    manual: manualBansInMemory(),
    editor: null,
    changed,
  });
  const editor = { apply: () => Promise.reject(new Error('no file differs')), stamp: async () => 's', exportAll: async () => ({}) };
  const file = path.join(folder.path, `${(count += 1)}.json`);
  const deps: HandleDeps = {
    ...{ file, editor, desk, notes: trustedNotesInMemory(), clock, logger: silentLogger, tell: async () => undefined },
    answering: () => control.jails(),
  };
  const edit = { who: 'root (shell)', client: '', what: 'bans.ban 192.0.2.7', began: clock.now(), until: clock.now() + 60 };
  const bans = [{ jail: 'ssh', id: '192.0.2.7' }];
  new HeldFile(file, silentLogger).write({ held: { ...edit, before: {}, stamp: 's', bans, pid: process.pid, ...held }, last: null });
  return { clock, control, deps };
}

it.each<[string, boolean, Partial<HeldEdit>, number]>([
  ['waits for its program', false, {}, 60],
  ['is left when its program stands still', true, {}, 71],
  ['is waited for while it is being made, however long that takes', false, { stamp: null }, 1000],
  ['is left when its program is gone', true, { pid: GONE }, 0],
  ['is left when its program is gone, while it is being made', true, { pid: GONE, stamp: null }, 0],
  ['is left when its process is a later one of that number', true, { began: BEGAN - 10 }, 0],
])('an edit %s', async (_what, left, held, seconds) => {
  const { clock, control, deps } = world(held);
  await clock.advance(seconds);
  expect(waitingInShell(deps).left).toBe(left);
  const outcome = await takeBackLeft(deps);
  expect([outcome?.ok ?? null, (await control.banned()).length]).toEqual(left ? [true, 0] : [null, 1]);
  expect(new HeldFile(deps.file, silentLogger).read()).toMatchObject({ held: left ? null : { who: 'root (shell)' }, last: null });
});

it('whose bans cannot be lifted, for no server answers, waits for one', async () => {
  const { control, deps } = world({ pid: GONE });
  control.failure = new AppError('SERVER_NOT_RUNNING', 'no server answers');
  await expect(takeBackLeft(deps)).rejects.toThrow('no server answers');
  control.failure = null;
  expect(await takeBackLeft(deps)).toMatchObject({ ok: true });
  expect(await control.banned()).toEqual([]);
});

it('bans end when they ended before, also those that were over meanwhile', async () => {
  const now = 1_795_000_000;
  const lasting = [
    { jail: 'ssh', id: '192.0.2.1', time: now, bantime: 100 },
    { jail: 'ssh', id: '192.0.2.2', time: now, bantime: -1 },
    { jail: 'bailiff-manual', id: '192.0.2.3', time: now, bantime: 50 },
  ];
  const control = new TinyControl([{ name: 'ssh' }, { name: 'bailiff-manual' }], lasting);
  const manual = manualBansInMemory();
  await manual.putManualBan({ jail: 'ssh', id: '192.0.2.2', who: 'admin', reason: 'a scan', time: now, until: null });
  const wanted = ['192.0.2.1', '192.0.2.2', '192.0.2.4'].map((id) => ({ jail: 'ssh', id }));
  const before = await bansBefore(control, manual, [...wanted, { jail: null, id: '192.0.2.3' }]);
  expect(before).toEqual([
    { jail: 'bailiff-manual', id: '192.0.2.3', ban: { until: now + 50, who: '', reason: '' } },
    { jail: 'ssh', id: '192.0.2.1', ban: { until: now + 100, who: '', reason: '' } },
    { jail: 'ssh', id: '192.0.2.2', ban: { until: -1, who: 'admin', reason: 'a scan' } },
    { jail: 'ssh', id: '192.0.2.4' },
  ]);
  expect(await bansSince(control, before)).toEqual([]);
  const told: unknown[] = [];
  const desk = {
    unban: async (items: readonly { readonly jail: string | null; readonly id: string }[]) => {
      told.push(['unban', ...items.map(({ id }) => id)]);
      return items.map(({ id }) => ({ id, jail: 'ssh', ok: false, message: id !== '192.0.2.3' ? 'is not banned' : 'is still banned' }));
    },
    ban: async ({ ids, jail, duration, who, reason }: BanWish) => {
      told.push(['ban', ...ids, jail, duration, who, reason]);
      return [];
    },
  };
  expect(await bansBack(desk, before, 'root', now + 60)).toEqual(['192.0.2.3 in ssh: is still banned']);
  expect(told).toEqual([
    ['unban', '192.0.2.3', '192.0.2.1', '192.0.2.2', '192.0.2.4'],
    ['ban', '192.0.2.1', 'ssh', 40, 'root', 'was banned before an edit that is taken back'],
    ['ban', '192.0.2.2', 'ssh', -1, 'admin', 'a scan'],
  ]);
});
