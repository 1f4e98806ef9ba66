/** Small rooms behind the panel's doors, in memory, for tests of the pages: bans over a tiny server, trusted addresses, a configuration that edits change, a log. */
import { canonicalId, contains, parseAddress } from '../../src/model/address';
import { endOfBan } from '../../src/model/ticket';
import { AppError, messageOf } from '../../src/base/errors';
import type { BanBoard, BanFilter, BanReason, BanRow } from '../../src/panel/control/bans/ban-board';
import type { BanDesk, ItemResult } from '../../src/panel/control/bans/ban-desk';
import type { Daemon, DaemonState, EngineName } from '../../src/panel/control/daemon/daemon';
import type { Configuration, DefinitionView, JailView, OptionView } from '../../src/panel/control/editor/configuration';
import type { Applied, Edit, Editor, Plan, SavedState } from '../../src/panel/control/editor/editor';
import type { Geo } from '../../src/panel/control/geo/geo';
import type { Logs } from '../../src/panel/control/logs/logs';
import type { ActionTrial } from '../../src/model/action-trial';
import type { FilterTest, Tester } from '../../src/panel/control/tester/tester';
import type { TrustedEntry, TrustedList } from '../../src/panel/control/trusted/trusted';
import type { TinyControl } from './control';

const COUNTRIES = new Map([
  ['198.51.100.7', 'DE'],
  ['203.0.113.9', 'FR'],
]);

/** Knows two addresses. */
export const TINY_GEO: Geo = {
  locate: (id) => ({
    country: COUNTRIES.get(id) ?? null,
    asn: COUNTRIES.has(id) ? 64500 : null,
    network: COUNTRIES.has(id) ? 'Example Net' : null,
  }),
  networkName: (asn) => (asn === 64500 ? 'Example Net' : null),
  attribution: [{ text: 'DB-IP', url: 'https://db-ip.com' }],
};

export function tinyBoard(control: TinyControl, reasons: Readonly<Record<string, Partial<BanReason>>> = {}): BanBoard {
  const all = async (filter: BanFilter): Promise<BanRow[]> => {
    const bans = await control.banned();
    const rows = bans.map((ban): BanRow => {
      const end = ban.bantime === -1 ? null : endOfBan(ban);
      return { ...ban, end, place: TINY_GEO.locate(ban.id), failures: 3, timesBanned: 1, manual: null };
    });
    const found = rows.filter(
      (row) =>
        (filter.jail === null || row.jail === filter.jail) &&
        (filter.country === null || row.place.country === filter.country) &&
        (filter.search === '' || row.id.includes(filter.search) || row.jail.includes(filter.search)),
    );
    const key = (row: BanRow): string | number => (filter.sort === 'address' ? row.id : filter.sort === 'jail' ? row.jail : row.time);
    found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    return filter.descending ? found.reverse() : found;
  };
  return {
    async list(query) {
      const found = await all(query);
      const pages = Math.max(1, Math.ceil(found.length / query.pageSize));
      const page = Math.min(query.page, pages);
      const jails = [...new Set((await control.banned()).map(({ jail }) => jail))].sort();
      return {
        rows: found.slice((page - 1) * query.pageSize, page * query.pageSize),
        total: found.length,
        page,
        pages,
        jails,
        countries: ['DE'],
      };
    },
    async *each(filter) {
      yield* await all(filter);
    },
    async counts() {
      const byJail = new Map<string, number>();
      for (const { jail } of await control.banned()) byJail.set(jail, (byJail.get(jail) ?? 0) + 1);
      return { total: (await control.banned()).length, byJail };
    },
    reason: (jail, id) =>
      Promise.resolve({
        ...{ jail, id, time: null, lines: [], users: [], failregexes: [], files: [], domain: null, failures: null, manual: null },
        ...reasons[id],
      }),
    changed: () => undefined,
  };
}

/** Bans and lifts over the tiny server; prolonging is lifting and banning again. */
export function tinyDesk(control: TinyControl): BanDesk {
  const fares = async (jail: string, id: string, run: () => Promise<unknown>): Promise<ItemResult> => {
    try {
      await run();
      return { jail, id, ok: true, message: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { jail, id, ok: false, message: messageOf(error) };
    }
  };
  return {
    ban: (wish) =>
      Promise.all(
        wish.ids.map(async (word): Promise<ItemResult> => {
          const id = canonicalId(word);
          const jail = wish.jail ?? 'manual';
          const address = parseAddress(id);
          if (address === null) return { jail, id, ok: false, message: 'is no address' };
          const own = wish.own.map(parseAddress).some((mine) => mine !== null && contains(address, mine));
          if (own) return { jail, id, ok: false, message: 'is your own address' };
          return fares(jail, id, () => control.ban(jail, [id]));
        }),
      ),
    async unban(items) {
      const results: ItemResult[] = [];
      for (const { jail, id } of items) {
        const result = await fares(jail ?? '', id, async () => {
          if ((await control.unban(jail, [id])) === 0) throw new AppError('SERVER_REFUSED', 'was not banned any more');
        });
        results.push(result);
      }
      return results;
    },
    prolong: (items) => Promise.all(items.map(({ jail, id }) => fares(jail, id, () => control.ban(jail, [id])))),
    expire: () => Promise.resolve(),
  };
}

export function tinyTrusted(): TrustedList {
  const entries: TrustedEntry[] = [];
  return {
    list: () => Promise.resolve([...entries]),
    add(wished, who, now) {
      const results = wished.map(({ entry, note, end, jail }): ItemResult => {
        if (parseAddress(entry) === null)
          return { id: entry, jail: jail ?? '', ok: false, message: `'${entry}' is neither an address nor a host name` };
        const kind = entry.includes('/') ? 'range' : 'address';
        entries.push({ entry, kind, jail, note, who, added: now, end, resolved: null, file: 'jail.local', line: 1 });
        return { id: entry, jail: jail ?? '', ok: true, message: null };
      });
      return Promise.resolve(results);
    },
    remove(gone) {
      const results = gone.map(({ entry, jail }): ItemResult => {
        const at = entries.findIndex((candidate) => candidate.entry === entry && candidate.jail === jail);
        if (at >= 0) entries.splice(at, 1);
        return { id: entry, jail: jail ?? '', ok: at >= 0, message: at >= 0 ? null : 'is not there' };
      });
      return Promise.resolve(results);
    },
    apart: () => Promise.resolve([]),
    isTrusted: (address) => Promise.resolve(entries.some(({ entry }) => entry === address)),
    expire: () => Promise.resolve([]),
  };
}

const INFO = { name: '', type: 'text', default: null, meaning: '' };

function option(name: string, own: string | null, inherited: string | null): OptionView {
  const place = { value: inherited, raw: inherited, file: inherited === null ? null : 'jail.conf', line: inherited === null ? null : 10 };
  const mine = own === null ? place : { value: own, raw: own, file: 'jail.local', line: 2 };
  return { name, ...mine, own: own !== null, inherited: place, info: { ...INFO, name } };
}

export interface TinyConfig {
  readonly configuration: Configuration;
  readonly editor: Editor;
  /** What was applied, in order. */
  readonly applied: Edit[];
  /** Set to let the next edit be refused. */
  refusal: Partial<Applied> | null;
  /** What the next plan finds wrong. */
  problems: Plan['problems'];
}

/** Jails whose options edits really change; a text is kept for each filter and action. */
export function tinyConfig(control: TinyControl): TinyConfig {
  const own = new Map<string, Map<string, string>>();
  const texts = new Map<string, string>([['filter sshd', '[Definition]\nfailregex = x\n']]);
  const states: SavedState[] = [];
  const added = new Set<string>();
  const files: Record<string, string> = { 'jail.local': '[sshd]\n' };
  const jailOf = async (name: string): Promise<JailView> => {
    const mine = own.get(name) ?? new Map<string, string>();
    const status = (await control.jails()).includes(name) ? await control.status(name) : null;
    const value = (key: string): string | null => mine.get(key) ?? null;
    // No plain object: an option may be called as one of its own properties is.
    const inherited = new Map(Object.entries({ bantime: '10m', findtime: '10m', maxretry: '5', filter: name, action: 'nftables' }));
    const keys = [...new Set([...inherited.keys(), 'logpath', 'port', 'ignoreip', ...mine.keys()])];
    return {
      name,
      enabled: (value('enabled') ?? (status === null ? 'false' : 'true')) === 'true',
      origin: added.has(name) ? 'own' : 'shipped',
      edited: mine.size > 0,
      observing: value('observing') === 'true',
      filter: value('filter') ?? name,
      actions: ['nftables'],
      options: keys.map((key) => option(key, value(key), inherited.get(key) ?? null)),
      logs: (status?.files ?? []).map((path) => ({ path, files: 1 })),
      problems: [],
      raw: [...mine].map(([key, text]) => `${key} = ${text}\n`).join(''),
      sections: [],
    };
  };
  const names = async (): Promise<string[]> => [...new Set([...(await control.jails().catch(() => [])), ...added])].sort();
  const definition = (kind: string, name: string): DefinitionView | null => {
    const text = texts.get(`${kind} ${name}`);
    if (text === undefined) return null;
    return {
      name,
      origin: name === 'sshd' ? 'shipped' : 'own',
      usedBy: name === 'sshd' ? ['sshd'] : [],
      files: [{ file: `${kind}.d/${name}.local`, text }],
      problems: [],
    };
  };
  const definitions = (kind: string): DefinitionView[] =>
    [...texts.keys()].filter((key) => key.startsWith(`${kind} `)).flatMap((key) => definition(kind, key.slice(kind.length + 1)) ?? []);
  const carryOut = (edit: Edit): void => {
    if (edit.kind === 'jail' || edit.kind === 'add-jail') {
      const mine = own.get(edit.jail) ?? new Map<string, string>();
      for (const [key, value] of Object.entries(edit.options))
        if (value === null) mine.delete(key);
        else mine.set(key, value);
      own.set(edit.jail, mine);
      if (edit.kind === 'add-jail') added.add(edit.jail);
    } else if (edit.kind === 'remove-jail') added.delete(edit.jail);
    else if (edit.kind === 'filter' || edit.kind === 'action') texts.set(`${edit.kind} ${edit.name}`, edit.text);
    else if (edit.kind === 'remove-filter') texts.delete(`filter ${edit.name}`);
    else if (edit.kind === 'remove-action') texts.delete(`action ${edit.name}`);
  };
  const config: TinyConfig = {
    applied: [],
    refusal: null,
    problems: [],
    configuration: {
      jails: async () => Promise.all((await names()).map(jailOf)),
      jail: async (name) => ((await names()).includes(name) ? jailOf(name) : null),
      defaults: () =>
        Promise.resolve(['bantime', 'findtime', 'maxretry'].map((name) => option(name, own.get('DEFAULT')?.get(name) ?? null, '600'))),
      server: () => Promise.resolve([option('dbpurgeage', null, '1d'), option('loglevel', null, 'INFO')]),
      filters: () => Promise.resolve(definitions('filter')),
      filter: (name) => Promise.resolve(definition('filter', name)),
      actions: () => Promise.resolve(definitions('action')),
      action: (name) => Promise.resolve(definition('action', name)),
      actionTemplates: () => Promise.resolve([{ name: 'iptables-multiport', text: 'iptables-multiport[name="x", port="ssh"]' }]),
    },
    editor: {
      plan: (edits) => {
        const diff = edits.map((edit) => ({ kind: 'added' as const, before: null, after: 1, text: JSON.stringify(edit) }));
        const changes = [{ file: 'jail.local', before: '', after: 'x', diff }];
        return Promise.resolve({ changes, problems: config.problems, jails: [], stamp: 'stamp-1' });
      },
      apply: (edits, by) => {
        const none = { ok: false, reloaded: false, changes: [], problems: [], message: null, state: null };
        if (config.refusal !== null) return Promise.resolve({ ...none, ...config.refusal });
        for (const edit of edits) {
          config.applied.push(edit);
          if (edit.kind === 'import') Object.assign(files, edit.files);
          else files['jail.local'] += `# ${JSON.stringify(edit)}\n`;
          carryOut(edit);
        }
        const state = {
          id: `state-${states.length + 1}`,
          time: 1_795_000_000,
          who: by.who,
          what: edits.map(({ kind }) => kind).join(', '),
          files: ['jail.local'],
        };
        states.unshift(state);
        return Promise.resolve({ ...none, ok: true, reloaded: true, state: state.id });
      },
      overlay: () => Promise.resolve({ confdir: '/nowhere', done: () => Promise.resolve() }),
      switchJails: (jails, on) =>
        Promise.resolve(
          jails.map((jail) => {
            if (jail === 'broken') return { jail, ok: false, message: 'has no log', problems: [] };
            carryOut({ kind: 'jail', jail, options: { enabled: String(on) } });
            return { jail, ok: true, message: null, problems: [] };
          }),
        ),
      observe: (jail, on) => [{ kind: 'jail', jail, options: { observing: String(on) } }],
      stamp: () => Promise.resolve('stamp-1'),
      states: () => Promise.resolve([...states]),
      compare: () =>
        Promise.resolve([{ file: 'jail.local', before: 'a', after: 'b', diff: [{ kind: 'removed', before: 1, after: null, text: 'a' }] }]),
      exportAll: () => Promise.resolve({ ...files }),
      notice: () => Promise.resolve(null),
    },
  };
  return config;
}

export const TINY_LOGS: Logs = {
  place: () => Promise.resolve({ target: '/var/log/fail2ban.log', isFile: true }),
  files: () => Promise.resolve([{ name: 'fail2ban.log', path: '/var/log/fail2ban.log', bytes: 1234, modified: 1_795_000_000 }]),
  read: () =>
    Promise.resolve({
      lines: [{ offset: 0, time: 1_795_000_000, level: 'NOTICE', jail: 'sshd', text: '2026-11-18 [sshd] Ban 198.51.100.7 <b>"x"</b>' }],
      older: null,
      newer: 50,
    }),
  async *open() {
    yield await Promise.resolve(Buffer.from('a log\n'));
  },
};

/** Turns from one engine to the other, and on and off. */
export function tinyDaemon(): Daemon {
  let state: DaemonState = {
    engine: 'fail2ban',
    version: '1.0.2',
    running: true,
    since: 1_794_000_000,
    pid: 1,
    canSwitch: true,
    canStart: true,
  };
  return {
    state: () => Promise.resolve(state),
    start: () => Promise.resolve(void (state = { ...state, running: true })),
    stop: () => Promise.resolve(void (state = { ...state, running: false })),
    switchTo(engine: EngineName) {
      state = { ...state, engine };
      return Promise.resolve({ ok: true, message: '', bans: 2 });
    },
  };
}

/** Says the same of every filter. */
export function tinyTester(test?: FilterTest): Tester {
  const dry: ActionTrial = { commands: [{ operation: 'ban', command: 'nft add element x', arguments: [] }], problems: [] };
  return {
    testFilter: () =>
      Promise.resolve(test ?? { kind: 'unfinished', reason: 'time', message: 'it took longer than 10 s', lines: [], slow: [] }),
    previewJail: () => Promise.resolve({ kind: 'unfinished', reason: 'time', message: 'it took longer than 30 s' }),
    checkFilterText: ({ text }) => (text.includes('(') ? [{ severity: 'error', message: 'missing )', line: 2 }] : []),
    dryRunAction: () => Promise.resolve(dry),
  };
}
