/** A small server that answers as fail2ban 0.10.2 and 0.10.6 do: one jail, whose bans and ignore list really change. */
import { createSocketServer, type SocketServer } from '../../src/contracts/socket/server';
import { type CommandResult, invalidCommand, pythonException, unknownJail } from '../../src/contracts/socket/values';
import type { Command } from '../../src/model/command';
import { PyTuple, type PyValue } from '../../src/model/python-repr';

export const OLD_VERSIONS = ['0.10.2', '0.10.6'] as const;
export type OldVersion = (typeof OLD_VERSIONS)[number];

const JAIL = 'mail';
const noGet = pythonException('Exception', 'Invalid command (no get action or not yet implemented)');
const pair = (name: string, value: PyValue): PyTuple<PyValue> => new PyTuple<PyValue>([name, value]);

export class OldServer {
  readonly seen: Command[] = [];
  readonly bans = new Set<string>();
  private readonly ignored: string[] = [];

  constructor(private readonly version: OldVersion) {}

  listen(path: string): Promise<SocketServer> {
    return createSocketServer({ path, handle: (command) => Promise.resolve(this.answer(command)) });
  }

  private answer(command: Command): CommandResult {
    this.seen.push(command);
    const [verb, jail, ...words] = command.map(String);
    if (verb === 'ping') return { result: 'pong' };
    if (verb === 'version') return { result: this.version };
    if (verb === 'status' && jail === undefined) return { result: [pair('Number of jail', 1), pair('Jail list', JAIL)] };
    if (verb === 'unban') return { result: [jail ?? '', ...words].filter((id) => this.bans.delete(id)).length };
    if (verb === 'get' && words.length === 0) return this.serverSetting(jail ?? '');
    if (verb !== 'status' && verb !== 'get' && verb !== 'set') return invalidCommand();
    if (jail !== JAIL) return unknownJail(jail ?? '');
    if (verb === 'status') return { result: this.status() };
    return verb === 'get' ? this.get(words) : this.set(words);
  }

  private serverSetting(name: string): CommandResult {
    const known: Readonly<Record<string, PyValue>> = {
      loglevel: 'INFO',
      logtarget: '/var/log/fail2ban.log',
      dbfile: null,
      dbpurgeage: null,
    };
    return Object.hasOwn(known, name) ? { result: known[name] ?? null } : pythonException('IndexError', 'list index out of range');
  }

  private status(): PyValue {
    const banned = [...this.bans];
    return [
      pair('Filter', [pair('Currently failed', 0), pair('Total failed', 0), pair('File list', [])]),
      pair('Actions', [pair('Currently banned', banned.length), pair('Total banned', 9), pair('Banned IP list', banned)]),
    ];
  }

  private get([name]: readonly string[]): CommandResult {
    if (name === 'bantime') return { result: 600 };
    return name === 'ignoreip' ? { result: [...this.ignored] } : noGet;
  }

  private set([name, ...words]: readonly string[]): CommandResult {
    const [word = ''] = words;
    if (name === 'banip' || name === 'unbanip') return this.version === '0.10.2' ? this.changeOne(name, word) : this.changeAll(name, words);
    if (name === 'addignoreip') this.ignored.push(word);
    else if (name === 'delignoreip') {
      if (!this.ignored.includes(word)) return pythonException('ValueError', 'list.remove(x): x not in list');
      this.ignored.splice(this.ignored.indexOf(word), 1);
    } else return invalidCommand();
    return { result: [...this.ignored] };
  }

  /** Before 0.10.5: words behind the first are not looked at. */
  private changeOne(name: string, id: string): CommandResult {
    if (name === 'banip') this.bans.add(id);
    else if (!this.bans.delete(id)) return pythonException('ValueError', `IP ${id} is not banned`);
    return { result: id };
  }

  private changeAll(name: string, ids: readonly string[]): CommandResult {
    const changed = ids.filter((id) => (name === 'banip' ? !this.bans.has(id) : this.bans.has(id)));
    for (const id of changed)
      if (name === 'banip') this.bans.add(id);
      else this.bans.delete(id);
    return { result: changed.length };
  }
}
