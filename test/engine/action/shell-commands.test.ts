/** Real commands of an action that hang, die or are missing: ended with all their children, run twice, and told in fail2ban's words. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { systemRunner } from '../../../src/base/process';
import { actionConfig, actionRig } from '../../support/actions';
import { temporaryFolder } from '../../support/folder';
import { banTicket } from '../../support/tickets';

const runner = systemRunner(systemClock);
const folder = temporaryFolder();
afterAll(() => folder.remove());
const file = (name: string): string => path.join(folder.path, name);

/** The log of one ban that fails, without the ids of the commands. */
async function failedBan(actionban: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { action, log } = actionRig(actionConfig({ actionban, ...more }), runner);
  const [result] = await action.ban([banTicket('192.0.2.1')]);
  expect(result?.message).toBe('Error banning 192.0.2.1');
  return log.map((record) => `${record.level} ${record.name} ${record.message.replace(/^[0-9a-f]+ -- /, '')}`);
}

it('ends a command that hangs with its whole process group, within its time limit, both times', async () => {
  const begun = systemClock.monotonic();
  const script = `trap '' TERM\n(trap '' TERM; sleep 60) & echo $! >> ${file('pids')}; sleep 61`;
  const log = await failedBan(script, { timeout: '1' });
  expect(systemClock.monotonic() - begun).toBeLessThan(5);
  const pids = readFileSync(file('pids'), 'utf8').trim().split('\n');
  expect(pids).toHaveLength(2);
  for (const pid of pids) expect(existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))).toBe(false);
  expect(log).toEqual(
    [0, 1].flatMap(() => [
      `ERROR fail2ban.utils exec: ${script}`,
      'ERROR fail2ban.utils timed out after 1 seconds.',
      'ERROR fail2ban.utils killed with SIGKILL (return code: -9)',
    ]),
  );
});

it('tells output line by line, quoted, and the return code', async () => {
  const log = await failedBan(`printf 'one\\ntwo\\n'; printf 'a\\033[31mb\\n' >&2; exit 3`);
  expect(log.slice(1, 5)).toEqual([
    "ERROR fail2ban.utils stdout: 'one'",
    "ERROR fail2ban.utils stdout: 'two'",
    "ERROR fail2ban.utils stderr: 'a\\x1b[31mb'",
    'ERROR fail2ban.utils returned 3',
  ]);
});

it('gives a hint when a command is missing', async () => {
  expect((await failedBan('no-such-command')).slice(-1)).toEqual([
    expect.stringMatching(/^INFO fail2ban\.utils HINT on 127: "Command not found"/),
  ]);
});

it('tells the signal that ended a command', async () => {
  expect((await failedBan('kill -TERM $$')).slice(-1)).toEqual(['ERROR fail2ban.utils killed with SIGTERM (return code: -15)']);
});

it('cuts what floods the log', async () => {
  const log = await failedBan('head -c 1000000 /dev/zero | tr "\\0" x; exit 1');
  expect(log.join('').length).toBeLessThan(20_000);
});

it('makes files for their owner only, and is quiet about success', async () => {
  const { action, log } = actionRig(actionConfig({ actionban: `echo <ip> > ${file('made')}` }), runner);
  expect(await action.ban([banTicket('192.0.2.1')])).toEqual([null]);
  expect(statSync(file('made')).mode & 0o777).toBe(0o600);
  expect(log.map((record) => record.level)).toEqual(['DEBUG']);
});
