/** The regexes of a jail, compiled as the engine will: what does not compile, tags that nothing replaces, and text that ` ;` has cut off. */
import type { Pattern } from '../../regex/pattern';
import { compileFailregex, expandTags, FailregexError, hasId, type FailregexOptions } from '../../regex/tags';
import type { JailReading } from './jails';
import { nearMiss } from './near-miss';
import type { Report } from './validate';

/** A tag that is left after all are replaced: `<HSOT>`, or `<mdre-wrong>` of a mode that the filter does not have. */
const LEFT_TAG = /(?<![\\?P(])<(?:[A-Z][A-Z0-9_-]*|[a-z_][a-z0-9_]*[-/][a-z0-9_/-]*)>/g;
const TAGS = [
  'HOST',
  'ADDR',
  'IP4',
  'IP6',
  'DNS',
  'CIDR',
  'SUBNET',
  'SKIPLINES',
  'F-ID',
  'F-USER',
  'F-NOFAIL',
  'F-CONTENT',
  'F-MLFID',
  'F-MLFFORGET',
];

interface Regexes {
  readonly prefregex: readonly string[];
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly usedns: string;
  readonly multiline: boolean;
}

/** Goes along while regexes are checked. */
export interface RegexWatch {
  /** Asked before each regex; one for which it says no is left out. */
  goOn(): boolean;
  /** Told of each regex that compiles. */
  compiled(option: string, regex: string, options: FailregexOptions): void;
  /** Whether it is worth a word that nobody will be found. */
  needsFailregex(reading: JailReading): boolean;
}

/** For jails: one that follows nothing is for bans by hand. */
const NOBODY: RegexWatch = {
  goOn: () => true,
  compiled: () => undefined,
  needsFailregex: ({ commands }) => commands.some(([, , name]) => name === 'addlogpath' || name === 'addjournalmatch'),
};

/** Checks the regexes that the jail's commands carry. */
export function checkRegexes(reading: JailReading, report: Report, watch: RegexWatch = NOBODY): void {
  const compile = (option: string, regex: string, options: FailregexOptions): Pattern | null => {
    if (!watch.goOn()) return null;
    const pattern = compiled(option, regex, options, report);
    if (pattern !== null) watch.compiled(option, regex, options);
    return pattern;
  };
  const regexes = regexesOf(reading);
  let named = false;
  for (const regex of regexes.prefregex.filter((text) => text !== '')) {
    const pattern = compile('prefregex', regex, { usedns: regexes.usedns, needId: false });
    named = pattern !== null && hasId(pattern);
  }
  const { usedns, multiline } = regexes;
  for (const regex of regexes.failregex) compile('failregex', regex, { usedns, multiline, needId: !named });
  for (const regex of regexes.ignoreregex) compile('ignoreregex', regex, { usedns, needId: false });
  if (regexes.failregex.length === 0 && (reading.values.get('filter') ?? '') !== '' && watch.needsFailregex(reading)) {
    report('warning', 'failregex', 'the filter has no failregex: nobody will be found');
  }
  checkCuts(reading, report);
}

function regexesOf(reading: JailReading): Regexes {
  const found: Record<string, string[]> = { prefregex: [], addfailregex: [], addignoreregex: [] };
  let usedns = 'warn';
  let multiline = false;
  for (const [, , name, value] of reading.commands) {
    if (name === 'usedns') usedns = String(value);
    if (name === 'maxlines') multiline = Number(value) > 1;
    if (typeof name !== 'string' || value === undefined) continue;
    const texts = Array.isArray(value) ? value : [value];
    found[name]?.push(...texts.filter((text) => typeof text === 'string'));
  }
  const { prefregex = [], addfailregex = [], addignoreregex = [] } = found;
  return { prefregex: prefregex.slice(-1), failregex: addfailregex, ignoreregex: addignoreregex, usedns, multiline };
}

function compiled(option: string, regex: string, options: FailregexOptions, report: Report): Pattern | null {
  for (const tag of expandTags(regex, options).match(LEFT_TAG) ?? []) {
    const meant = nearMiss(tag.slice(1, -1), TAGS);
    if (/^<[A-Z]/.test(tag) && meant === undefined) continue;
    const hint = meant === undefined ? 'does the filter have this mode or parameter?' : `did you mean <${meant}>?`;
    report('warning', option, `nothing replaces ${tag}, it is matched as it stands; ${hint}`, {
      text: regex,
      column: regex.indexOf(tag) + 1,
    });
  }
  try {
    return compileFailregex(regex, options).pattern;
  } catch (error) {
    if (!(error instanceof FailregexError)) throw error;
    const position = error.pattern?.position ?? null;
    const plain = position !== null && error.pattern?.source.startsWith(regex.slice(0, position)) === true;
    const message =
      error.pattern === null
        ? `${error.message}; put <HOST> where the address stands`
        : `${error.pattern.reason}: '${regex.slice(0, 300)}'`;
    report('error', option, message, { text: regex, ...(plain ? { column: position + 1 } : {}) });
    return null;
  }
}

/** ` ;` begins a comment, even in a regex: quirk of the files' dialect that has cost many a filter its end. */
function checkCuts(reading: JailReading, report: Report): void {
  const jailCut = ['failregex', 'ignoreregex', 'prefregex'].flatMap((name) => {
    const option = reading.origin(name);
    return option === undefined ? [] : [option];
  });
  const filter = [reading.filter?.sections.get('Definition'), reading.filter?.defaults].flatMap((options) => [...(options ?? [])]);
  const inFilter = filter.filter(([name]) => /re(?:gex)?(?:-|$)/.test(name)).map(([, option]) => option);
  for (const option of new Set([...jailCut, ...inFilter])) {
    for (const line of option.cut) {
      report('warning', 'failregex', `' ;' begins a comment and cuts the regex; write '\\s;' or '[ ];'`, {
        at: { file: option.file, line },
      });
    }
  }
}
