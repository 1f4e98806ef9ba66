/** One of two servers that play the same scenarios: the stock one or ours, on a folder of its own with the same configuration. */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runClient } from '../../src/bin/client/run';
import { splitWords } from '../../src/bin/client/interact';
import { formatLocalTime } from '../../src/base/local-time';
import { runProgram } from './stock-server';
import { waitFor } from './two-hosts';
import { jailFile, type Step } from './scenario';

const OURS = path.resolve(__dirname, '../../dist/bin/bailiff-server.js');

export const FILES: Readonly<Record<string, string>> = {
  'fail2ban.conf':
    '[Definition]\nloglevel = INFO\nlogtarget = FOLDER/fail2ban.log\nsyslogsocket = auto\nsocket = FOLDER/f2b.sock\npidfile = FOLDER/f2b.pid\nallowipv6 = auto\ndbfile = FOLDER/db.sqlite3\ndbpurgeage = 1d\n',
  'jail.conf':
    '[DEFAULT]\nbackend = polling\nfilter = simple\naction = note[name=%(__name__)s]\nmaxretry = 2\nfindtime = 10m\nbantime = 10m\nignoreself = false\nusedns = no\n',
  'filter.d/simple.conf': '[Definition]\nfailregex = ^\\s*fail <HOST>$\n            ^\\s*user <F-USER>\\S+</F-USER> from <HOST>$\n',
  'action.d/note.conf':
    '[Definition]\nactionban = echo "ban <ip> <failures>" >> FOLDER/<name>.acts\nactionunban = echo "unban <ip>" >> FOLDER/<name>.acts\n[Init]\nname = none\n',
};

export class ServerSide {
  readonly folder: string;
  #child: ChildProcess | null = null;

  constructor(
    readonly kind: 'stock' | 'ours',
    files: Readonly<Record<string, string>>,
    /** Words before the command of the server. */
    readonly before: readonly string[] = [],
    /** A folder that another one has made and removes. */
    folder?: string,
  ) {
    if (folder !== undefined) {
      this.folder = folder;
      return;
    }
    this.folder = mkdtempSync(path.join(tmpdir(), `bailiff-scenario-${kind}-`));
    for (const [name, text] of Object.entries({ ...FILES, ...files })) this.write(`config/${name}`, text);
  }

  /** Writes a file; FOLDER in the text becomes the server's folder. Scripts may be run. */
  write(file: string, text: string): void {
    const full = path.join(this.folder, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, text.replaceAll('FOLDER', this.folder));
    if (text.startsWith('#!')) chmodSync(full, 0o755);
  }

  read(file: string): string {
    const full = path.join(this.folder, file);
    return existsSync(full) ? readFileSync(full, 'utf8') : '';
  }

  /** Starts and waits until this many jails run. */
  async start(jails: number): Promise<void> {
    const from = this.read('fail2ban.log').length;
    const options = ['-c', path.join(this.folder, 'config'), '-f', 'start'];
    const program = this.kind === 'stock' ? ['fail2ban-server'] : [process.execPath, OURS];
    const [command = '', ...args] = [...this.before, ...program, ...options];
    this.#child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    this.#child.stderr?.on('data', (part: Buffer) => (said += part.toString()));
    const started = (): number =>
      this.read('fail2ban.log')
        .slice(from)
        .split(/Jail '[^']+' started/).length - 1;
    await waitFor(`${jails} jails of ${this.kind}`, () => started() >= jails, 30).catch((error: unknown) => {
      throw new Error(`${String(error)}, but ${started()}:\n${this.read('fail2ban.log').slice(-2000)}\n${said}`);
    });
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Carries out a step; the answer of a command, else nothing. @param now seconds: the date of lines */
  async play(step: Step, now: number): Promise<string> {
    const log = path.join(this.folder, `${step.jail}.log`);
    if (step.verb === 'write') appendFileSync(log, `${formatLocalTime(now + step.offset)} ${step.text}\n`.repeat(step.times));
    else if (step.verb === 'raw') appendFileSync(log, `${step.text}\n`.repeat(step.times));
    else if (step.verb === 'jail') this.write(`config/jail.d/${step.jail}.conf`, jailFile(step.jail, step.text));
    else if (step.verb === 'rename') {
      renameSync(log, `${log}.1`);
      writeFileSync(log, '');
    } else if (step.verb === 'truncate') writeFileSync(log, '');
    else return await this.call(step.text);
    return '';
  }

  /** What the client says to a command, with its exit code. */
  async call(command: string): Promise<string> {
    let text = '';
    const say = (part: string): void => void (text += part);
    const words = splitWords(command.replaceAll('FOLDER', this.folder)) ?? [];
    const args = ['-c', path.join(this.folder, 'config'), '-s', path.join(this.folder, 'f2b.sock'), ...words];
    const code = await runClient(args, { stdout: say, stderr: () => undefined, startServer: () => Promise.resolve(255) });
    return `${code} ${text}`;
  }

  /** The rows of the database, one text each: `JAIL TABLE …`. */
  rows(start: number): readonly string[] {
    const said = runProgram('/usr/bin/python3', ['-c', ROWS, path.join(this.folder, 'db.sqlite3'), String(start)]);
    if (said.code !== 0) throw new Error(said.stderr);
    return said.stdout.split('\n').filter((line) => line !== '');
  }
}

/** Times are written as seconds after the start, in steps of four: two servers see a line within a second or two. */
const ROWS = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1]); start = float(sys.argv[2])
for table in ('bans', 'bips'):
    for jail, ip, time, bantime, count, data in db.execute('select jail, ip, timeofban, bantime, bancount, data from %s order by jail, ip, timeofban' % table):
        print(json.dumps([jail, table, ip, time - start, bantime, count, json.loads(data)]))
for jail, path, pos in db.execute('select jail, path, lastfilepos from logs order by jail, path'):
    print(json.dumps([jail, 'logs', path.rsplit('/', 1)[1], pos]))
for jail, enabled in db.execute('select name, enabled from jails order by name'):
    print(json.dumps([jail, 'jails', enabled]))
`;
