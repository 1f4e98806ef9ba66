/** The verbs of `bailiff` for jails, filters, logs, history and the whole configuration, over real files; every mistake names what would be right. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import { createProgress } from '../../src/bin/verbs/progress';
import { spelled } from '../../src/bin/verbs/read-call';
import { SHARED, VERBS } from '../../src/bin/verbs/verbs';
import { openHistoryDatabase } from '../../src/panel/history/open-history';
import { writeEvents } from '../../src/panel/history/event-writer';
import { type Cli, cliOver } from '../support/cli';
import { TinyControl } from '../support/control';

/** Local time: what the program prints does not depend on the zone of the machine. */
const NOW = new Date(2026, 10, 20, 12, 0, 0).getTime() / 1000;
const open: Cli[] = [];

function cli(stdin = ''): Cli {
  const at = cliOver(new TinyControl([{ name: 'ssh' }]), { now: NOW, stdin });
  open.push(at);
  writeFileSync(path.join(at.config, 'filter.d/door.conf'), '[Definition]\nfailregex = ^knock from <HOST>$\n');
  writeFileSync(path.join(at.config, 'action.d/note.conf'), '[Definition]\nactionban = true\n');
  writeFileSync(path.join(at.folder, 'a.log'), '');
  writeFileSync(
    path.join(at.config, 'jail.conf'),
    `[DEFAULT]\nmaxretry = 5\naction = note\nbackend = polling\n[ssh]\nenabled = true\nfilter = door\nlogpath = ${at.folder}/a.log\n`,
  );
  return at;
}

afterEach(() => {
  for (const { folder } of open.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const own = (at: Cli, file = 'jail.local'): string | null =>
  existsSync(path.join(at.config, file)) ? readFileSync(path.join(at.config, file), 'utf8') : null;
const done = (stdout: string): object => ({ stdout, stderr: '', code: 0 });

describe('jails', () => {
  it('are listed and shown with what is in force and where it stands', async () => {
    const at = cli();
    expect((await at.ask('jail', 'list')).stdout).toBe(
      [
        'JAIL  STATE   ORIGIN   FILTER  MAXRETRY  FINDTIME  BANTIME  LOGS',
        'ssh   active  shipped  door    5         600       600         1',
        '',
      ].join('\n'),
    );
    const { stdout, code } = await at.ask('--jail-show', 'ssh');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Jail {5}ssh\nState {4}active\nOrigin {3}shipped\nFilter {3}door\n/);
    expect(stdout).toMatch(/\nmaxretry +5 +jail\.conf:2\n/);
    expect(JSON.parse((await at.ask('jail', 'show', 'ssh', '--json')).stdout)).toMatchObject({
      name: 'ssh',
      enabled: true,
      filter: 'door',
    });
  });

  it('are added, changed, given back to what they inherit, and removed', async () => {
    const at = cli();
    const logs = [`logpath=${at.folder}/a.log`, `logpath=${at.folder}/*.log`];
    expect(await at.ask('jail', 'add', 'mine', 'filter=door', 'maxretry=2', ...logs)).toMatchObject({
      stdout: 'The jail mine is added.\nIt is inactive: `bailiff enable-jails mine` switches it on.\n',
      code: 0,
    });
    expect(own(at)).toBe(`[mine]\nfilter = door\nmaxretry = 2\nlogpath = ${at.folder}/a.log\n    ${at.folder}/*.log\n`);
    expect((await at.ask('jail', 'update', 'mine', 'BanTime=1h', '--inherit', 'maxretry')).code).toBe(0);
    expect(own(at)).not.toContain('maxretry');
    expect(own(at)).toContain('bantime = 1h');
    expect(await at.ask('jail', 'remove', 'mine')).toMatchObject({ stdout: 'The jail mine is removed.\n', code: 0 });
    expect((await at.ask('--jails')).stdout).toBe('ssh  active\n');
  });

  it('only observe, and come back as they were', async () => {
    const at = cli();
    await at.ask('jail', 'update', 'ssh', '--observe', 'on');
    expect((await at.ask('jail', 'list')).stdout).toMatch(/\nssh +observing +edited/);
    expect((await at.ask('doctor')).stdout).toContain('the jail ssh only observes: it bans nobody');
    await at.ask('jail', 'update', 'ssh', '--observe', 'off');
    expect((await at.ask('jail', 'list')).stdout).toMatch(/\nssh +active/);
    expect(await at.ask('jail', 'reset', 'ssh')).toMatchObject({ code: 0 });
  });

  it('show what would be changed with --plan, and change nothing', async () => {
    const at = cli();
    expect(await at.ask('jail', 'update', 'ssh', 'maxretry=3', '--plan')).toEqual(done('jail.local\n+ [ssh]\n+ maxretry = 3\n'));
    expect(await at.ask('--jail-add', 'x', 'filter=door', 'logpath=/nowhere', '--plan')).toMatchObject({ code: 0 });
    expect(own(at)).toBeNull();
  });

  it('refuse what is wrong with the reason, and leave everything as it was', async () => {
    const at = cli();
    const said = await at.ask('jail', 'update', 'ssh', 'maxretry=many');
    expect(said).toMatchObject({ stdout: '', code: 1 });
    expect(said.stderr).toMatch(/^bailiff: \S+jail\.local:2: \[ssh\] maxretry: 'many' is no whole number\n$/);
    expect(own(at)).toBeNull();
  });

  it.each([
    [['jail'], "'jail' needs one of these words after it: list, show, add, update, remove, reset, test"],
    [['jail', 'shw', 'ssh'], "'jail' needs one of these words after it"],
    [['jail', 'show'], 'name the jail: jail show JAIL'],
    [['jail', 'show', 'nowhere'], "there is no jail 'nowhere': see `bailiff jail list`"],
    [['jail', 'show', 'ssh', 'more'], "'jail show' takes no further words, and there is 'more'"],
    [['jail', 'list', 'x'], "'jail list' takes no further words"],
    [['jail', 'add'], 'name the new jail first'],
    [['jail', 'add', 'maxretry=3'], 'name the new jail first'],
    [['jail', 'add', 'ssh', 'maxretry=3'], "there is a jail 'ssh' already: see `jail update`"],
    [['jail', 'add', '../x', 'filter=door'], "'../x' is no name for a jail"],
    [['jail', 'add', 'x'], 'give its options: jail add JAIL filter=FILTER'],
    [['jail', 'add', 'x', 'filter'], "'filter' is no NAME=VALUE, such as maxretry=3"],
    [['jail', 'update', 'ssh'], 'give what is to change'],
    [['jail', 'update', 'ssh', 'maxretries=3'], "'maxretries' is no option of a jail; 'maxretry' is one"],
    [['jail', 'update', 'ssh', 'maxretry=3', '--inherit', 'maxretry'], '--inherit maxretry: the same option is given a value'],
    [['jail', 'update', 'ssh', '--observe', 'maybe'], "--observe is 'on' or 'off', not 'maybe'"],
    [['jail', 'remove', 'ssh'], "the jail 'ssh' is a shipped one"],
    [['jail', 'test', 'ssh', '--since', 'x'], '--since takes seconds'],
    [['jail', 'test', 'ssh', 'maxretries=1'], "'maxretry' is one"],
    [['filter', 'show', 'nowhere'], "there is no filter 'nowhere': see `bailiff filter list`"],
    [['filter', 'add', 'door', '--failregex', 'x'], "there is a filter 'door' already"],
    [['filter', 'update', 'new', '--failregex', 'x'], "there is no filter 'new': see `filter add`"],
    [['filter', 'add', '../new', '--failregex', 'x'], "'../new' is no name for a filter"],
    [['filter', 'add', 'new'], 'give its text: --file FILE, or --failregex REGEX'],
    [['filter', 'add', 'new', '--file', '-', '--failregex', 'x'], '--file holds the whole text'],
    [['filter', 'add', 'new', '--failregex', 'a\nb'], 'holds a line break'],
    [['filter', 'remove', 'door'], "the filter 'door' is shipped and not changed"],
    [['filter', 'test', 'door'], 'give what it is tried on: --log-file FILE'],
    [['filter', 'test', '--input', '-'], 'name the filter, or give a text'],
    [['filter', 'test', 'nowhere', '--input', '-'], "there is no filter 'nowhere'"],
    [['filter', 'test', 'door', '--input', '-', '--show', 'some'], "--show is 'all', 'matched', 'missed' or 'none', not 'some'"],
    [['filter', 'test', 'door', '--input', '-', '--lines', '0'], '--lines takes a whole number from 1 to 1000000'],
    [['filter', 'test', 'door', '--log-file', '/etc/passwd'], 'it lies outside the log folders'],
    [['log', 'show', 'nowhere.log'], "there is no log file 'nowhere.log': see `bailiff log list`"],
    [['log', 'show', '--lines', 'x'], '--lines takes a whole number'],
    [['history', '--kind', 'x'], '--kind is one of found, ban, restore-ban, unban, ignore, already-banned'],
    [['history', '--from', '2026-02-30'], '--from takes a date such as 2026-11-26'],
    [['history', '--from', '1h', '--to', '2h'], '--from must be before --to'],
    [['history', '--country', 'Germany'], '--country is a code of two letters'],
    [['history', '--address', '192.0.2.0/99'], 'is no address or range'],
    [['top', '--of', 'x'], '--of is one of address, jail, country, network'],
    [['top', '--by', 'x'], '--by is one of bans, failures'],
    [['import'], 'name the file: import FILE'],
    [['import', '-'], "'-' is no export of Bailiff"],
    [['restore', 'x'], "there is no state 'x': see `bailiff states`"],
    [['export', '/etc/passwd'], "'/etc/passwd' is there already: --force replaces it"],
    [['doctor', 'x'], "'doctor' takes no further words"],
  ])('%j is a mistake of the user, and changes nothing', async (words, message) => {
    const at = cli('{"bailiff": "something else"}');
    const { stdout, stderr, code } = await at.ask(...words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(/^bailiff: .*\n$/);
    expect(stderr).toContain(message);
    expect(own(at)).toBeNull();
  });
});

describe('filters', () => {
  it('are added from regexes and from a text, shown, and removed unless a jail uses them', async () => {
    const at = cli('[Definition]\nfailregex = ^other <HOST>$\n');
    expect(
      (await at.ask('filter', 'add', 'mine', '--failregex', '^a <HOST>$', '--failregex', '^b <HOST>$', '--ignoreregex', '^c$')).code,
    ).toBe(0);
    expect(own(at, 'filter.d/mine.local')).toBe('[Definition]\nfailregex = ^a <HOST>$\n            ^b <HOST>$\nignoreregex = ^c$\n');
    expect((await at.ask('filter', 'update', 'mine', '--file', '-')).stdout).toBe('The filter mine is changed.\n');
    expect((await at.ask('filter', 'show', 'mine')).stdout).toBe('# filter.d/mine.local\n[Definition]\nfailregex = ^other <HOST>$\n');
    expect((await at.ask('filter', 'list')).stdout).toMatch(/\ndoor +shipped +ssh\nmine +own\n$/);
    await at.ask('jail', 'update', 'ssh', 'filter=mine');
    expect(await at.ask('filter', 'remove', 'mine')).toMatchObject({ stderr: "bailiff: the filter 'mine' is used by ssh\n", code: 1 });
    await at.ask('jail', 'reset', 'ssh');
    expect(await at.ask('filter', 'remove', 'mine')).toMatchObject({ stdout: 'The filter mine is removed.\n', code: 0 });
  });

  it('with a regex that cannot be are refused', async () => {
    const at = cli();
    expect(await at.ask('filter', 'add', 'mine', '--failregex', '^(<HOST>$')).toMatchObject({ stdout: '', code: 1 });
    expect(own(at, 'filter.d/mine.local')).toBeNull();
  });

  it('with hostile text do not steer the terminal', async () => {
    const at = cli();
    writeFileSync(path.join(at.config, 'filter.d/evil.conf'), '[Definition]\n# \u001b]0;owned\u0007 \u009b2J\nfailregex = ^x <HOST>$\n');
    const { stdout } = await at.ask('filter', 'show', 'evil');
    expect(stdout).toContain('# ?]0;owned? ?2J\n');
    const json = (await at.ask('filter', 'show', 'evil', '--json')).stdout;
    expect(json).not.toMatch(/[\u0007\u001b\u009b]/);
    expect((JSON.parse(json) as { files: { text: string }[] }).files[0]?.text).toContain('\u001b]0;owned\u0007 \u009b2J');
  });
});

describe('the configuration as a whole', () => {
  it('is exported, brought to another server, and restored from an earlier state', async () => {
    const from = cli();
    await from.ask('--update', '-max_retries', '9');
    const exported = (await from.ask('export')).stdout;
    expect(JSON.parse(exported)).toEqual({ bailiff: 'configuration', version: 1, files: { 'jail.local': '[DEFAULT]\nmaxretry = 9\n' } });
    const file = path.join(from.folder, 'all.json');
    expect((await from.ask('export', file)).stdout).toBe(`1 file is exported to ${file}.\n`);
    expect(readFileSync(file, 'utf8')).toBe(exported);
    expect((await from.ask('export', file)).code).toBe(2);
    expect((await from.ask('export', file, '--force')).code).toBe(0);

    const to = cli(exported);
    expect((await to.ask('import', '-', '--plan')).stdout).toBe('jail.local\n+ [DEFAULT]\n+ maxretry = 9\n');
    expect(own(to)).toBeNull();
    expect((await to.ask('import', '-')).stdout).toBe('1 file imported.\n');
    expect(own(to)).toBe('[DEFAULT]\nmaxretry = 9\n');
    await to.ask('--update', '-max_retries', '3');
    const states = JSON.parse((await to.ask('states', '--json')).stdout) as { id: string; who: string; what: string }[];
    expect(states.map(({ who, what }) => `${who}: ${what}`).slice(0, 2)).toEqual([
      'tester (shell): defaults: maxretry',
      'tester (shell): import of 1 files',
    ]);
    const earlier = states[1]?.id ?? '';
    expect((await to.ask('restore', earlier, '--compare')).stdout).toContain('- maxretry = 9\n+ maxretry = 3\n');
    expect((await to.ask('restore', earlier)).stdout).toMatch(/^The state of 2026-11-20 12:00:00 is back\.\n$/);
    expect(own(to)).toBe('[DEFAULT]\nmaxretry = 9\n');
  });

  it('takes no file that is not ours to write', async () => {
    const at = cli(JSON.stringify({ bailiff: 'configuration', version: 1, files: { '../../evil.local': 'x', 'jail.conf': 'x' } }));
    const before = readFileSync(path.join(at.config, 'jail.conf'), 'utf8');
    expect((await at.ask('import', '-')).code).toBe(1);
    expect(readFileSync(path.join(at.config, 'jail.conf'), 'utf8')).toBe(before);
  });

  it('stands in the audit log with whoever sits at the shell', async () => {
    const at = cli();
    await at.ask('--update', '-max_retries', '9');
    await at.ask('--add-trusted', '192.0.2.1');
    expect((await at.ask('audit')).stdout).toBe(
      [
        'TIME                 WHO             WHAT           TO WHAT    OUTCOME',
        '2026-11-20 12:00:00  tester (shell)  trusted.add    192.0.2.1  done',
        '2026-11-20 12:00:00  tester (shell)  settings.edit  settings   done',
        '',
      ].join('\n'),
    );
    expect((await at.ask('audit', '--action', 'trusted.add', '--lines', '1')).stdout.split('\n')).toHaveLength(3);
  });
});

describe('the history', () => {
  async function withEvents(): Promise<Cli> {
    const at = cli();
    const database = await openHistoryDatabase(path.join(at.folder, 'home', 'bailiff.sqlite3'), systemClock, silentLogger);
    const event = { jail: 'ssh', country: 'DE', asn: null } as const;
    const events = Array.from({ length: 1200 }, (_none, index) => ({
      ...event,
      time: NOW - 7200 + index,
      kind: 'found' as const,
      id: '192.0.2.1',
    }));
    const ban = { ...event, time: NOW - 60, kind: 'ban' as const, id: '198.51.100.7' };
    await database.write((sql) => writeEvents(sql, [...events, ban], NOW));
    await database.close();
    return at;
  }

  it('is told, newest first, as far as is asked for', async () => {
    const at = await withEvents();
    const lines = (await at.ask('history', '--lines', '2')).stdout.split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toBe('2026-11-20 11:59:00  ban    ssh   198.51.100.7  DE');
    const all = JSON.parse((await at.ask('history', '--lines', '5000', '--kind', 'found', '--json')).stdout) as unknown[];
    expect(all).toHaveLength(1200);
    expect((await at.ask('history', '--address', '198.51.100.0/24', '--from', '2026-11-20 11:30')).stdout.split('\n')).toHaveLength(3);
    expect((await at.ask('history', '--from', '30s')).stdout).toMatch(
      /^Nothing; 1201 events are known, the last of 2026-11-20 11:59:00\.\n$/,
    );
  });

  it('tells who is at the top', async () => {
    const at = await withEvents();
    expect((await at.ask('top')).stdout).toMatch(/^ADDRESS +BANS +FAILURES\n198\.51\.100\.7 +1 +0\n/);
    expect((await at.ask('top', '--of', 'jail', '--by', 'failures')).stdout).toMatch(/^JAIL +BANS +FAILURES\nssh +1 +1200\n$/);
  });

  it('says why it is empty, and is not made by looking at it', async () => {
    const at = cli();
    expect((await at.ask('history')).stdout).toBe('The history is empty: bailiff-web fills it from the log while it runs.\n');
    for (const words of [['top'], ['audit'], ['doctor'], ['status'], ['--banned'], ['--jails'], ['jail', 'list']]) await at.ask(...words);
    expect(readdirSync(path.join(at.folder, 'home'))).toEqual([]);
  });
});

describe('the program', () => {
  it('has no verb, spelled with dashes, that is also an option, and no name twice', () => {
    const dashed = VERBS.map(({ name }) => `--${name.replace(' ', '-')}`);
    const letters = VERBS.flatMap(({ letter }) => (letter === undefined ? [] : [`-${letter}`]));
    const shared = SHARED.flatMap((spec) => [spelled(spec), ...(spec.short === undefined ? [] : [`-${spec.short}`])]);
    const names = [...dashed, ...letters, ...shared];
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const { options } of VERBS) expect(options.map(spelled).filter((name) => shared.includes(name))).toEqual([]);
  });

  it('tells what is still going on: at a terminal in one line, elsewhere in lines from time to time', async () => {
    for (const terminal of [true, false]) {
      let now = 0;
      let tick = (): void => undefined;
      let written = '';
      const clock = {
        ...systemClock,
        monotonic: () => now,
        every: (_seconds: number, run: () => void) => ((tick = run), { cancel: () => undefined }),
      };
      const progress = createProgress({ clock, write: (text) => (written += text), terminal });
      await progress.during('reading', () => {
        for (now = 1; now <= 12; now++) tick();
        return Promise.resolve();
      });
      if (terminal) expect(written).toMatch(/^(?:\r\u001b\[Kreading … \d+ s){12}\r\u001b\[K$/);
      else expect(written).toBe('reading … 1 s\nreading … 11 s\n');
    }
  });
});
