/** Why somebody is banned: the lines of the database, marked; the regexes that took them, the users tried, and the logs the lines stand in. */
import { endHoldsLine } from '../../../base/file-holds';
import { readConfiguration } from '../../../contracts/files/configuration';
import { usersOf } from '../../../contracts/database/ticket-data';
import { matchedText } from '../../../model/ticket';
import type { Control } from '../control';
import type { Tester } from '../tester/tester';
import type { BanReason, MarkedLine } from './ban-board';
import type { BanDatabase } from './ban-database';
import type { ManualBans } from './manual-bans';
import { markExplained, markPlain, markTested } from './mark-line';

/** Lines that are shown, the last ones. */
const MAX_LINES = 50;
/** How far the lines are looked for: files, and bytes from the end of each. */
const MAX_FILES = 20;
const MAX_BYTES = 4 * 1024 * 1024;
const JOURNAL = 'systemd-journal';
const DOMAIN = /^\/var\/www\/vhosts\/system\/([^/]+)\/logs\//;

/** Tries a jail's filter on lines: for servers that do not explain themselves. */
export interface FilterTrial {
  readonly tester: Pick<Tester, 'testFilter'>;
  /** The server's configuration folder. */
  readonly confdir: string;
}

export interface ReasonDeps {
  readonly control: Control;
  readonly database: BanDatabase;
  readonly manual: ManualBans;
  readonly tester?: FilterTrial;
}

/** A ban that nobody wrote down has no lines. Rejects as `Control` does. */
export async function reasonOf(jail: string, id: string, deps: ReasonDeps): Promise<BanReason> {
  const written = await deps.database.written(jail, id).catch(() => null);
  const texts = (written?.data.matches ?? []).map(matchedText).slice(-MAX_LINES);
  const users = usersOf(written?.data.captured ?? {});
  const [lines, files, manual] = await Promise.all([
    marked(jail, id, texts, users, deps),
    filesWith(jail, texts, deps.control),
    deps.manual.manualBans([id]).catch(() => []),
  ]);
  const hand = manual.find((ban) => ban.jail === jail);
  return {
    jail,
    id,
    time: written?.time ?? null,
    lines,
    users: unique([...users, ...lines.map(({ user }) => user)]),
    failregexes: unique(lines.map(({ failregex }) => failregex)),
    files,
    domain: unique(files.map((file) => DOMAIN.exec(file)?.[1] ?? null))[0] ?? null,
    failures: written?.data.failures ?? null,
    manual: hand === undefined ? null : { who: hand.who, reason: hand.reason, until: hand.until },
  };
}

function unique(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value): value is string => value !== null && value !== ''))];
}

/** By our engine itself, else by the jail's filter, else by the words alone. */
async function marked(
  jail: string,
  id: string,
  texts: readonly string[],
  users: readonly string[],
  deps: ReasonDeps,
): Promise<readonly MarkedLine[]> {
  if (texts.length === 0) return [];
  const plain = (text: string): MarkedLine => markPlain(text, id, users);
  const explained: MarkedLine[] = [];
  for (const text of texts) {
    const answer = await deps.control.explain(jail, text).catch(() => null);
    if (answer?.available !== true) break;
    const line = markExplained(text, id, answer.value);
    explained.push(line.failregex === null ? plain(text) : line);
  }
  if (explained.length === texts.length) return explained;
  const tested = deps.tester === undefined ? null : await tried(jail, texts, deps.tester).catch(() => null);
  return texts.map((text, index) => {
    const line = tested?.[index] ?? null;
    return line === null || line.failregex === null ? plain(text) : line;
  });
}

/** The lines tried with the filter of the jail; null where one was not told of. */
async function tried(jail: string, texts: readonly string[], { tester, confdir }: FilterTrial): Promise<readonly (MarkedLine | null)[]> {
  const [reading] = readConfiguration(confdir, { jails: [jail] }).readings;
  const name = reading?.values.get('filter');
  if (name === undefined || name === '') return [];
  const flat = texts.map((text) => text.replace(/[\r\n]+/g, ' '));
  const test = await tester.testFilter({ filter: { name }, source: { lines: flat.join('\n') }, confdir, limit: texts.length });
  const regexes = test.kind === 'done' ? test.summary.regexes : [];
  const byNumber = new Map(test.lines.map((line) => [line.number, line]));
  return texts.map((text, index) => {
    const line = byNumber.get(index + 1);
    return line === undefined ? null : markTested(text, line, regexes);
  });
}

/** Logs of the jail whose end holds one of the lines. */
async function filesWith(jail: string, texts: readonly string[], control: Control): Promise<readonly string[]> {
  if (texts.length === 0) return [];
  const status = await control.status(jail, 'counts').catch(() => null);
  if (status === null) return [];
  if (status.files.length === 0 && status.journalmatch.length > 0) return [JOURNAL];
  const found: string[] = [];
  for (const file of status.files.slice(0, MAX_FILES)) if (await endHoldsLine(file, texts, MAX_BYTES)) found.push(file);
  return found;
}
