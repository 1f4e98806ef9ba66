/** The daemon over systemd: every systemctl call is recorded and answered by a table of two units that start and stop a tiny server. */
import { recordingRunner, type RecordingRunner, type RunRequest, type RunResult } from '../../../../src/base/process';
import { AppError } from '../../../../src/base/errors';
import type { ServerInfo } from '../../../../src/panel/control/control';
import { systemdDaemon } from '../../../../src/panel/control/daemon/systemd-daemon';
import type { Daemon } from '../../../../src/panel/control/daemon/daemon';
import { TinyControl } from '../../../support/control';
import { manualClock } from '../../../support/clock';

const OURS = 'bailiff-server.service';
const STOCK = 'fail2ban.service';
const PIDS: Readonly<Record<string, number>> = { [OURS]: 41, [STOCK]: 42 };
const SILENT = new AppError('SERVER_NOT_RUNNING', 'nobody is there');

/** A server behind the door that is whichever unit runs. */
class UnitControl extends TinyControl {
  running: string | null = null;

  override info(): Promise<ServerInfo> {
    const ours = this.running === OURS;
    return super.info().then(() => ({ engine: ours ? 'bailiff' : 'fail2ban', version: ours ? '0.1.0' : '1.0.2' }));
  }

  runs(unit: string | null): void {
    this.running = unit;
    this.failure = unit === null ? SILENT : null;
  }
}

interface World {
  readonly daemon: Daemon;
  readonly runner: RecordingRunner;
  readonly control: UnitControl;
  /** What systemctl was told to do, without the questions. */
  done(): readonly string[];
  /** Waits for a promise while the clock is turned. */
  turn<T>(promise: Promise<T>): Promise<T>;
}

interface Odd {
  readonly loaded?: readonly string[];
  readonly enabled?: string;
  /** Units that systemd starts, and that never answer. */
  readonly mute?: readonly string[];
  readonly answer?: (request: RunRequest) => Partial<RunResult> | null;
}

function world(running: string | null, odd: Odd = {}): World {
  const clock = manualClock();
  const now = clock.now();
  const bans = ['192.0.2.1', '192.0.2.2'].map((id) => ({ jail: 'web', id, time: now - 5, bantime: 600 }));
  const control = new UnitControl([{ name: 'web' }], bans);
  control.runs(running);
  let active = running;
  let enabled = odd.enabled ?? STOCK;
  const shown = (unit: string): string =>
    [
      `MainPID=${active === unit ? (PIDS[unit] ?? 0) : 0}`,
      `Id=${unit}`,
      `LoadState=${(odd.loaded ?? [OURS, STOCK]).includes(unit) ? 'loaded' : 'not-found'}`,
      `ActiveState=${active === unit ? 'active' : 'inactive'}`,
      `UnitFileState=${enabled === unit ? 'enabled' : 'disabled'}`,
      `ActiveEnterTimestamp=${active === unit ? 'Tue 2023-11-14 22:13:20 UTC' : ''}`,
      'InactiveEnterTimestampMonotonic=0',
    ].join('\n');
  const runner = recordingRunner((request) => {
    const special = odd.answer?.(request) ?? null;
    if (special !== null) return special;
    const [, verb, ...units] = request.args;
    const unit = units.at(-1) ?? '';
    if (verb === 'show') return { stdout: `${units.slice(2).map(shown).join('\n\n')}\n` };
    if (verb === 'enable') enabled = unit;
    if (verb === 'start') {
      active = unit;
      control.runs(odd.mute?.includes(unit) === true ? null : unit);
    }
    if (verb === 'stop') {
      active = null;
      control.runs(null);
    }
    return {};
  });
  return {
    daemon: systemdDaemon({ control, clock, runner }),
    runner,
    control,
    done: () => runner.requests.map(({ args }) => args.slice(1).join(' ')).filter((words) => !words.startsWith('show')),
    async turn(promise) {
      let over = false;
      const watched = promise.finally(() => (over = true));
      watched.catch(() => undefined);
      for (let round = 0; round < 1000 && !over; round++) await clock.advance(0.25);
      return watched;
    },
  };
}

it('tells which unit runs, its process and since when', async () => {
  const { daemon, runner } = world(STOCK);
  await expect(daemon.state()).resolves.toEqual({
    engine: 'fail2ban',
    version: '1.0.2',
    running: true,
    since: 1_700_000_000,
    pid: 42,
    canSwitch: true,
    canStart: true,
  });
  expect(runner.requests[0]).toMatchObject({ command: 'systemctl', env: { TZ: 'UTC', LC_ALL: 'C' } });
  const none = world(null, { answer: () => ({ code: 127, stderr: 'not found' }) });
  await expect(none.daemon.state()).resolves.toMatchObject({ engine: null, running: false, pid: null, canSwitch: false, canStart: false });
  const alone = world(null, { loaded: [OURS] });
  await expect(alone.daemon.state()).resolves.toMatchObject({ running: false, canSwitch: false, canStart: true });
});

it('starts the unit that is enabled, and leaves one that runs alone', async () => {
  const { daemon, done, turn } = world(null);
  await turn(daemon.start());
  expect(done()).toEqual([`reset-failed ${STOCK}`, `start ${STOCK}`]);
  await turn(daemon.start());
  expect(done()).toHaveLength(2);
  await turn(daemon.stop());
  expect(done().at(-1)).toBe(`stop ${STOCK}`);
});

it('starts the one again that ran last', async () => {
  const { daemon, done, turn } = world(OURS);
  await turn(daemon.stop());
  await turn(daemon.start());
  expect(done()).toEqual([`stop ${OURS}`, `reset-failed ${OURS}`, `start ${OURS}`]);
});

it('switches, waits for the answer, and lets the new one start with the machine', async () => {
  const { daemon, done, turn } = world(STOCK);
  await expect(turn(daemon.switchTo('bailiff'))).resolves.toEqual({ ok: true, message: '', bans: 2 });
  expect(done()).toEqual([`stop ${STOCK}`, `reset-failed ${OURS}`, `start ${OURS}`, `enable ${OURS}`, `disable ${STOCK}`]);
  await expect(daemon.state()).resolves.toMatchObject({ engine: 'bailiff', pid: 41 });
});

it('does the same for two that ask at once only once', async () => {
  const { daemon, done, turn } = world(STOCK);
  await turn(Promise.all([daemon.switchTo('bailiff'), daemon.switchTo('bailiff')]));
  expect(done().filter((words) => words.startsWith('start'))).toEqual([`start ${OURS}`]);
});

it('says it when the new one will not start with the machine', async () => {
  const { daemon, turn } = world(STOCK, { answer: ({ args }) => (args[1] === 'disable' ? { code: 1, stderr: 'read-only\n' } : null) });
  await expect(turn(daemon.switchTo('bailiff'))).resolves.toEqual({
    ok: true,
    message: 'Bailiff runs, but will not start with the machine: read-only',
    bans: 2,
  });
});

it.each([
  [
    'is refused',
    { answer: ({ args }: RunRequest) => (args[1] === 'start' && args[2] === OURS ? { code: 1, stderr: 'Unit is masked.' } : null) },
    'Unit is masked.',
  ],
  ['never answers', { mute: [OURS] }, 'it does not answer within 30 seconds'],
])('goes back when the other one %s', async (_, odd: Odd, reason) => {
  const { daemon, done, turn } = world(STOCK, odd);
  const message = `Bailiff does not come up: ${reason}; fail2ban runs again`;
  await expect(turn(daemon.switchTo('bailiff'))).resolves.toEqual({ ok: false, message, bans: 2 });
  expect(done().at(-1)).toBe(`start ${STOCK}`);
  expect(done().some((words) => words.startsWith('enable'))).toBe(false);
  await expect(daemon.state()).resolves.toMatchObject({ engine: 'fail2ban', running: true });
});

it('leaves everything as it is when the first one cannot be stopped', async () => {
  const { daemon, done, turn } = world(STOCK, { answer: ({ args }) => (args[1] === 'stop' ? { code: null, timedOut: true } : null) });
  await expect(turn(daemon.switchTo('bailiff'))).resolves.toEqual({
    ok: false,
    message: 'fail2ban cannot be stopped: the server does not end within 120 seconds',
    bans: 2,
  });
  await expect(turn(daemon.stop())).rejects.toMatchObject({ code: 'SERVER_TIMEOUT' });
  expect(done()).toEqual([`stop ${STOCK}`, `stop ${STOCK}`]);
});

it('says that no server runs when none did and the other one fails', async () => {
  const { daemon, turn } = world(null, { mute: [OURS] });
  await expect(turn(daemon.switchTo('bailiff'))).resolves.toEqual({
    ok: false,
    message: 'Bailiff does not come up: it does not answer within 30 seconds; no server runs, as before',
    bans: 0,
  });
});

it('tells how many bans did not come along', async () => {
  const { daemon, control, turn } = world(STOCK, {
    answer: ({ args }) => {
      if (args[1] === 'stop') void control.unban('web', ['192.0.2.2']);
      return null;
    },
  });
  const switched = turn(daemon.switchTo('bailiff'));
  await expect(switched).resolves.toEqual({ ok: true, message: '1 ban is not back yet', bans: 1 });
});

it('stops a server that no unit runs over its socket', async () => {
  const { daemon, control, done, turn } = world(null);
  control.runs(STOCK);
  await turn(daemon.stop());
  expect(done()).toEqual([]);
  await expect(daemon.state()).resolves.toMatchObject({ running: false });
});

it('refuses to switch to what is not installed', async () => {
  const { daemon, done, turn } = world(STOCK, { loaded: [STOCK] });
  await expect(turn(daemon.switchTo('bailiff'))).resolves.toEqual({ ok: false, message: 'Bailiff is not installed here', bans: 2 });
  expect(done()).toEqual([]);
});
