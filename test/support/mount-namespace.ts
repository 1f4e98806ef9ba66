/** A namespace of mounts of a test's own, with a small disk in memory: it can be filled, taken the right to write, and ends with the test. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Seconds after which the namespace ends by itself. */
const LONGEST = 600;

export class MountNamespace {
  /** The disk's folder, empty for everybody outside. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'bailiff-disk-'));
  readonly #holder: ChildProcess;

  private constructor(megabytes: number) {
    const script = `mount -t tmpfs -o size=${megabytes}m,mode=700 small ${this.folder} && echo ready && exec sleep ${LONGEST}`;
    this.#holder = spawn('unshare', ['--mount', '--propagation', 'private', '/bin/sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** Makes one with a disk of so many megabytes. Needs root. */
  static async make(megabytes: number): Promise<MountNamespace> {
    const made = new MountNamespace(megabytes);
    await new Promise<void>((resolve, reject) => {
      made.#holder.stdout?.once('data', () => resolve());
      made.#holder.once('exit', (code) => reject(new Error(`the namespace of mounts could not be made: ${code}`)));
    });
    return made;
  }

  /** What a command begins with that runs inside. */
  get inside(): readonly string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-m', '--'];
  }

  /** Runs a shell script inside and gives its output; throws when it fails. */
  sh(script: string): string {
    const [command = '', ...words] = [...this.inside, '/bin/sh', '-c', script];
    const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', timeout: 60_000 });
    if (status !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Runs JavaScript inside, with a database of the disk open as `db`; gives its output. */
  sql(file: string, uri: string, script: string): string {
    const [command = '', ...words] = [...this.inside, process.execPath, '-e', `${openDatabase(this.folder, file, uri)} ${script}`];
    const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', timeout: 60_000 });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  /** Holds a database of the disk so that nobody else can read or write it; returns what lets go. */
  async hold(file: string): Promise<() => Promise<void>> {
    const script = `db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE', (error) => { if (error) throw error; console.log('held'); }); process.stdin.resume(); process.stdin.on('end', () => process.exit(0));`;
    const [command = '', ...words] = [...this.inside, process.execPath, '-e', `${openDatabase(this.folder, file, '')} ${script}`];
    const holder = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    const gone = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
    await Promise.race([
      new Promise((resolve) => holder.stdout.once('data', resolve)),
      gone.then(() => Promise.reject(new Error('not held'))),
    ]);
    return () => {
      holder.stdin.end();
      return gone;
    };
  }

  /** Takes all room that is left on the disk. */
  fill(): void {
    this.sh(`dd if=/dev/zero of=${this.folder}/fill bs=4k 2>/dev/null; test "$(df --output=avail ${this.folder} | tail -1)" -eq 0`);
  }

  /** A file of the disk, seen from outside. */
  path(file: string): string {
    return `/proc/${this.#holder.pid}/root${this.folder}/${file}`;
  }

  read(file: string): string {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), 'utf8') : '';
  }

  async remove(): Promise<void> {
    const gone = new Promise((resolve) => this.#holder.once('exit', resolve));
    if (this.#holder.kill('SIGKILL')) await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** JavaScript that opens a database as `db`; SQLite follows the links of /proc to the outside, so this runs inside. */
function openDatabase(folder: string, file: string, uri: string): string {
  const name = JSON.stringify(`file:${folder}/${file}${uri}`);
  return `const { Database, OPEN_READWRITE, OPEN_URI } = require(${JSON.stringify(require.resolve('sqlite3'))}); const db = new Database(${name}, OPEN_READWRITE | OPEN_URI);`;
}
