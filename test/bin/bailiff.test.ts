import { AppError } from '../../src/base/errors';
import { formatTable } from '../../src/bin/verbs/table';
import { runVerb } from '../../src/bin/verbs/verbs';
import { TinyControl } from '../support/control';

const NOW = 1_795_000_000;
const problem = { severity: 'error' as const, message: 'no log', jail: 'web', file: '/etc/fail2ban/jail.local', line: 3 };

function tiny(): TinyControl {
  const bans = [
    { jail: 'ssh', id: '198.51.100.7', time: NOW - 30, bantime: 75 },
    { jail: 'ssh', id: '2001:db8::1', time: NOW - 30, bantime: -1 },
    { jail: 'web', id: '198.51.100.7', time: NOW - 30, bantime: 100_000 },
  ];
  return new TinyControl(
    [
      { name: 'ssh', failed: 2 },
      { name: 'web', problems: [problem] },
    ],
    bans,
  );
}

const ask = (control: TinyControl, verb: string, words: readonly string[] = [], json = false): Promise<string> =>
  runVerb(control, { verb, words, json, now: NOW });

describe('bailiff status', () => {
  it('says which engine runs, how much it holds, and what is wrong', async () => {
    expect(await ask(tiny(), 'status')).toBe(
      'Engine  bailiff 0.1.0\nJails   2, problems: 1\nBanned  3\nerror   /etc/fail2ban/jail.local:3: [web] no log\n',
    );
  });

  it('says it as JSON', async () => {
    expect(JSON.parse(await ask(tiny(), 'status', [], true))).toEqual({
      engine: 'bailiff',
      version: '0.1.0',
      jails: 2,
      banned: 3,
      problems: [problem],
    });
  });

  it('passes on that no server answers', async () => {
    const control = tiny();
    control.failure = new AppError('SERVER_NOT_RUNNING', 'no server answers');
    await expect(ask(control, 'status')).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
  });
});

describe('bailiff jails and banned', () => {
  it('align their columns', async () => {
    expect(await ask(tiny(), 'jails')).toBe(
      [
        'JAIL  STATE   BANNED  TOTAL  FAILED  TOTAL',
        'ssh   active       2      4       2      6',
        'web   broken       1      2       0      0',
        '',
      ].join('\n'),
    );
    const lines = (await ask(tiny(), 'banned')).split('\n');
    expect(lines[0]).toBe('ADDRESS       JAIL  BANNED SINCE         TIME LEFT');
    expect(lines.slice(1, 4).map((line) => line.slice(41))).toEqual(['45 s', 'permanent', '1 d']);
  });

  it('say in words that nobody is banned', async () => {
    expect(await ask(new TinyControl([]), 'banned')).toBe('Nobody is banned.\n');
    expect(await ask(new TinyControl([]), 'banned', [], true)).toBe('[]\n');
  });

  it('show no control characters of a hostile id', () => {
    expect(formatTable([['ID'], ['a\u001b[2Jb\r\n\u009bc']])).toBe('ID\na?[2Jb???c\n');
  });
});

describe('bailiff ban and unban', () => {
  it('ban addresses and ranges in one jail, and count the new ones', async () => {
    const control = tiny();
    expect(await ask(control, 'ban', ['ssh', '198.51.100.7', '203.0.113.0/24', '2001:db8::/32'])).toBe('Newly banned in ssh: 2\n');
    expect((await control.status('ssh')).banned).toContain('203.0.113.0/24');
  });

  it('lift bans in one jail, or in all', async () => {
    const control = tiny();
    expect(await ask(control, 'unban', ['web', '198.51.100.7'])).toBe('Unbanned in web: 1\n');
    expect(await ask(control, 'unban', ['198.51.100.7', '2001:db8::1'])).toBe('Unbanned: 2\n');
    expect(await control.banned()).toEqual([]);
  });

  it.each([
    ['ban', [], 'name the jail first'],
    ['ban', ['192.0.2.1'], 'name the jail first'],
    ['ban', ['ssh'], 'at least one IP address'],
    ['ban', ['ssh', '192.0.2.1', 'evil.example'], "'evil.example' is not an IP address or range"],
    ['ban', ['ssh', '192.0.2.0/33'], 'is not an IP address or range'],
    ['ban', ['ssh', '--all'], 'is not an IP address or range'],
    ['unban', ['ssh'], 'at least one IP address'],
    ['unban', [], 'at least one IP address'],
    ['banned', ['ssh'], 'takes no further words'],
    ['jail', [], "there is no verb 'jail'"],
  ])('%s %j is a mistake of the user, and changes nothing', async (verb, words, message) => {
    const control = tiny();
    await expect(ask(control, verb, words)).rejects.toThrow(message);
    await expect(ask(control, verb, words)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(await control.banned()).toHaveLength(3);
  });

  it('pass on what the server refuses', async () => {
    await expect(ask(tiny(), 'ban', ['nowhere', '192.0.2.1'])).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
  });
});
