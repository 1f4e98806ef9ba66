import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLogger } from '../../../../src/base/logger';
import type { BanDesk } from '../../../../src/panel/control/bans/ban-desk';
import { DeadMansHandle, TOO_EARLY, WAITS, type HandleDeps } from '../../../../src/panel/control/handle/dead-mans-handle';
import { HeldFile } from '../../../../src/panel/control/handle/held-edit';
import { isBigRange, isLoopback, riskOf } from '../../../../src/panel/control/handle/risk';
import { type TrustedNotes, trustedNotesInMemory } from '../../../../src/panel/control/trusted/trusted-notes';
import { type ManualClock, manualClock } from '../../../support/clock';
import { editorAt } from '../../../support/editor';
import { temporaryFolder } from '../../../support/folder';

const ADMIN = { who: 'admin', client: '192.0.2.1' };
const OTHER = { who: 'other', client: '192.0.2.2' };
const folder = temporaryFolder('bailiff-handle-');
afterAll(() => folder.remove());
let count = 0;

interface World {
  readonly clock: ManualClock;
  readonly conf: string;
  readonly text: () => string | null;
  readonly told: Parameters<HandleDeps['tell']>[0][];
  readonly lifted: string[];
  readonly make: () => DeadMansHandle;
  readonly edit: (handle: DeadMansHandle, bantime: string, by?: typeof ADMIN) => Promise<unknown>;
  readonly file: string;
  readonly notes: TrustedNotes;
}

/** A real editor over a folder with one jail, and handles over one file. */
function world(): World {
  const conf = path.join(folder.path, `conf-${(count += 1)}`);
  for (const name of ['filter.d', 'action.d']) mkdirSync(path.join(conf, name), { recursive: true });
  writeFileSync(path.join(conf, 'filter.d/one.conf'), '[Definition]\nfailregex = from <HOST>$\n');
  writeFileSync(path.join(conf, 'jail.conf'), '[one]\nenabled = false\nfilter = one\nlogpath = /dev/null\n');
  const clock = manualClock(1_795_000_000);
  const { editor } = editorAt(conf, { clock });
  const [told, lifted]: [World['told'], string[]] = [[], []];
  const file = path.join(folder.path, `held-${count}`, 'waiting-edit.json');
  const desk: Pick<BanDesk, 'unban' | 'ban'> = {
    ban: () => Promise.reject(new Error('nobody was banned before')),
    unban: (items) => {
      lifted.push(...items.map(({ id }) => id));
      return Promise.resolve(items.map(({ jail, id }) => ({ jail: jail ?? '', id, ok: true, message: null })));
    },
  };
  const logger = createLogger(() => undefined);
  const notes = trustedNotesInMemory();
  const tell = (outcome: World['told'][number]): Promise<void> => Promise.resolve(void told.push(outcome));
  const text = (): string | null => {
    try {
      return readFileSync(path.join(conf, 'jail.local'), 'utf8');
    } catch {
      return null;
    }
  };
  return {
    ...{ clock, conf, text, told, lifted, file, notes },
    make: () => {
      const handle = new DeadMansHandle({ file, editor, desk, notes, clock, logger, tell });
      handle.start();
      return handle;
    },
    edit: (handle, maxretry, by = ADMIN) =>
      handle.during(
        by,
        `maxretry ${maxretry}`,
        () => editor.apply([{ kind: 'jail', jail: 'one', options: { maxretry } }], by),
        () => Promise.resolve(true),
      ),
  };
}

/** Turns the clock, and waits for what the timers began. */
async function later(all: World, handle: DeadMansHandle, seconds: number): Promise<void> {
  await all.clock.advance(seconds);
  await handle.keep({ who: 'nobody', client: '' }).catch(() => undefined);
}

describe('an edit that waits', () => {
  it('is taken back when nobody tells that he is still here: the files are what they were', async () => {
    const all = world();
    const handle = all.make();
    await all.edit(handle, '7');
    expect(all.text()).toContain('maxretry = 7');
    expect(handle.waiting()).toMatchObject({ ...ADMIN, what: 'maxretry 7', until: 1_795_000_000 + WAITS });
    await all.clock.advance(WAITS - 1);
    await handle.harmless(ADMIN, () => Promise.resolve());
    expect(all.text()).toContain('maxretry = 7');
    await all.clock.advance(1);
    await handle.harmless(ADMIN, () => Promise.resolve());
    expect([all.text(), handle.waiting()]).toEqual([null, null]);
    expect(all.told).toMatchObject([{ kept: false, by: { who: '' }, ok: true, what: 'maxretry 7' }]);
    expect(handle.last()).toMatchObject({ who: 'admin', ok: true });
    handle.seen();
    expect([handle.last(), all.make().last()]).toEqual([null, null]);
  });

  it('is kept when its author tells so, but not before that proves something', async () => {
    const all = world();
    const handle = all.make();
    await all.edit(handle, '7');
    await all.clock.advance(TOO_EARLY - 1);
    expect(await handle.keep(ADMIN)).toBe('early');
    await all.clock.advance(1);
    expect(await handle.keep(ADMIN)).toBe('kept');
    expect(await handle.keep(ADMIN)).toBe('none');
    await later(all, handle, WAITS * 2);
    expect(all.text()).toContain('maxretry = 7');
    expect(all.told).toMatchObject([{ kept: true, by: ADMIN }]);
  });

  it('is taken back after a restart too: in time, or at once when the time is over', async () => {
    const all = world();
    const first = all.make();
    await all.edit(first, '7');
    await first.close();
    const second = all.make();
    expect(second.waiting()).toMatchObject({ what: 'maxretry 7' });
    await second.close();
    await all.clock.advance(WAITS + 5);
    expect(all.text()).toContain('maxretry = 7');
    const third = all.make();
    await all.clock.advance(0);
    await third.harmless(ADMIN, () => Promise.resolve());
    expect([all.text(), third.waiting()]).toEqual([null, null]);
  });

  it('is taken back when the program was killed before it had come to its end', async () => {
    const all = world();
    const first = all.make();
    await all.edit(first, '7');
    await first.close();
    const told: string[] = [];
    const file = new HeldFile(
      all.file,
      createLogger(({ message }) => void told.push(message)),
    );
    const { held } = file.read();
    file.write({ held: { ...held!, stamp: null }, last: null });
    const second = all.make();
    await all.clock.advance(WAITS);
    await second.harmless(ADMIN, () => Promise.resolve());
    expect(all.text()).toBeNull();
  });

  it('has others wait, their programs too', async () => {
    const all = world();
    const handle = all.make();
    await all.edit(handle, '7');
    await expect(all.edit(handle, '8', OTHER)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(handle.harmless(OTHER, () => Promise.resolve())).rejects.toThrow(/an edit of admin waits to be confirmed \(maxretry 7\)/);
    expect(all.text()).toContain('maxretry = 7');
  });

  it("grows by its author's next edit, and is passed by one that comes later", async () => {
    const all = world();
    const handle = all.make();
    await all.edit(handle, '7');
    await all.clock.advance(1);
    await all.edit(handle, '8');
    expect(handle.waiting()).toMatchObject({ what: 'maxretry 7; maxretry 8', until: 1_795_000_001 + WAITS });
    await all.clock.advance(TOO_EARLY);
    await all.edit(handle, '9');
    expect(all.told).toMatchObject([{ kept: true, what: 'maxretry 7; maxretry 8' }]);
    await all.clock.advance(WAITS);
    await handle.harmless(ADMIN, () => Promise.resolve());
    expect(all.text()).toContain('maxretry = 8');
  });

  it('leaves a file alone that was edited by hand meanwhile, and says so', async () => {
    const all = world();
    const handle = all.make();
    await all.edit(handle, '7');
    writeFileSync(path.join(all.conf, 'jail.local'), '[one]\nmaxretry = 11\n');
    await all.clock.advance(WAITS);
    await handle.harmless(ADMIN, () => Promise.resolve());
    expect(all.text()).toContain('maxretry = 11');
    expect(handle.last()).toMatchObject({ ok: false, message: expect.stringContaining('changed by hand') as string });
    expect(handle.waiting()).toBeNull();
  });

  it('lifts the bans that came with it', async () => {
    const all = world();
    const handle = all.make();
    const ban = { jail: 'one', id: '198.51.0.0/16' };
    await handle.during(
      ADMIN,
      'a range',
      () => Promise.resolve([ban]),
      () => Promise.resolve(true),
      (done) => done,
    );
    expect(await handle.takeBackNow(OTHER)).toMatchObject({ ok: true });
    expect(all.lifted).toEqual(['198.51.0.0/16']);
    expect(all.told).toMatchObject([{ kept: false, by: OTHER }]);
  });

  it('gives back what was told about a trusted address that is trusted again', async () => {
    const all = world();
    const note = { entry: '192.0.2.9', jail: null, note: 'the office', who: 'admin', added: 5, end: 1_795_100_000 };
    const stays = { ...note, entry: '192.0.2.10', note: 'before' };
    await all.notes.putTrusted(note);
    await all.notes.putTrusted(stays);
    const handle = all.make();
    await handle.during(
      ADMIN,
      'trusted no longer',
      async () => {
        writeFileSync(path.join(all.conf, 'jail.local'), '[one]\n');
        await all.notes.removeTrusted('192.0.2.9', null);
        await all.notes.putTrusted({ ...stays, note: 'told meanwhile' });
      },
      () => Promise.resolve(true),
    );
    await handle.close();
    expect(await all.make().takeBackNow(OTHER)).toMatchObject({ ok: true });
    expect(await all.notes.trusted()).toEqual([{ ...stays, note: 'told meanwhile' }, note]);
  });

  it('does not wait when it changed nothing, failed, or cannot cut anybody off', async () => {
    const all = world();
    const handle = all.make();
    const no = (): Promise<boolean> => Promise.resolve(false);
    await handle.during(
      ADMIN,
      'nothing',
      () => Promise.resolve(),
      () => Promise.resolve(true),
    );
    expect(handle.waiting()).toBeNull();
    await expect(
      handle.during(
        ADMIN,
        'x',
        () => Promise.reject(new Error('failed')),
        () => Promise.resolve(true),
      ),
    ).rejects.toThrow('failed');
    expect(handle.waiting()).toBeNull();
    await handle.during(ADMIN, 'x', () => Promise.resolve(writeFileSync(path.join(all.conf, 'jail.local'), '[one]\n')), no);
    expect([handle.waiting(), all.make().waiting()]).toEqual([null, null]);
  });

  it('is put aside when it cannot be understood', () => {
    const all = world();
    all.make();
    mkdirSync(path.dirname(all.file), { recursive: true });
    writeFileSync(all.file, '{"held":{"who":5},"last":null}');
    expect(all.make().waiting()).toBeNull();
    expect(readFileSync(`${all.file}.damaged`, 'utf8')).toContain('"who":5');
  });
});

describe('the risk of an edit', () => {
  const jail = (options: Readonly<Record<string, string | null>>) => ({ kind: 'jail', jail: 'one', options }) as const;

  it.each([
    [jail({ bantime: '1h', 'bantime.increment': 'true' }), 'none'],
    [jail({ enabled: 'false' }), 'none'],
    [jail({ enabled: 'true' }), 'ban'],
    [jail({ ignoreip: null }), 'ban'],
    [jail({ port: '0:65535' }), 'ban'],
    [jail({ action: 'x' }), 'any'],
    [jail({ banaction: 'x', bantime: '1h' }), 'any'],
    [{ kind: 'defaults', options: { maxretry: '1' } }, 'ban'],
    [{ kind: 'server', options: { loglevel: 'DEBUG' } }, 'none'],
    [{ kind: 'observe', jail: 'one', on: true }, 'none'],
    [{ kind: 'observe', jail: 'one', on: false }, 'ban'],
    [{ kind: 'filter', name: 'x', text: '' }, 'ban'],
    [{ kind: 'action', name: 'x', text: '' }, 'any'],
    [{ kind: 'restore', state: 'x' }, 'any'],
  ] as const)('%j: %s', (edit, risk) => expect(riskOf([jail({ bantime: '5' }), edit])).toBe(risk));

  it('of ranges and addresses', () => {
    expect(['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.3', '2001:db8::/32', '2001:db8:1::/48', 'x'].map(isBigRange)).toEqual([
      ...[true, true, false, false, true, false, false],
    ]);
    expect(['127.0.0.1', '::1', '', '192.0.2.1', '::ffff:127.0.0.2'].map(isLoopback)).toEqual([true, true, true, false, true]);
  });
});
