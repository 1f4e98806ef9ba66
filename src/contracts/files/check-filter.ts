/** A filter, saved or only edited, into everything that is wrong or doubtful in it, each with file and line; no line of a log is looked at. */
import * as path from 'node:path';
import type { Problem } from '../../model/problem';
import { FAIL2BAN_PARITY } from '../../model/version';
import { findDanger } from '../../regex/danger';
import type { StepAllowance } from '../../regex/danger-line';
import { dangerMessage } from '../../regex/danger-message';
import { writtenColumn } from '../../regex/tag-columns';
import { expandTags } from '../../regex/tags';
import { ConfigFolder } from './includes';
import type { Option, Options } from './ini';
import { FILTER_OPTIONS } from './jail-options';
import { readJail, type JailReading } from './jails';
import { nearMiss } from './near-miss';
import { reporter, type Report } from './validate';
import { checkRegexes } from './validate-regexes';

export interface FilterCheckRequest {
  /** The configuration folder. */
  readonly dir: string;
  /** As a jail's option `filter` has it: `sshd`, `sshd[mode=aggressive]`. */
  readonly filter: string;
  /** Texts that stand in the place of files, by their path within the folder: `filter.d/sshd.local`. */
  readonly texts?: ReadonlyMap<string, string | null>;
  /** Characters of a regex that is looked at; longer ones are a Problem. All when not given. */
  readonly longest?: number;
  /** Asked before each regex is looked at closely; when it says no, the rest is not looked at. */
  readonly goOn?: () => boolean;
}

/** Steps that all lines together take which are tried for dangerous regexes. */
const TRY_STEPS = 3_000_000;

const NAMES = FILTER_OPTIONS.map(({ name }) => name);

/** All Problems of a filter, in the order in which they were found; they name no jail. */
export function checkFilter(request: FilterCheckRequest): readonly Problem[] {
  const { filter } = request;
  const folder = new ConfigFolder(path.resolve(request.dir), request.texts);
  const reading = readJail(folder, onlyJail(filter, request.dir), filter);
  if (reading === null) return [];
  const problems: Problem[] = reading.problems.filter(({ option }) => option !== 'action' && option !== 'logpath');
  const report = reporter(reading, problems);
  if (reading.good) checkClosely(reading, request, report);
  checkOptionNames(reading, problems);
  return problems.map((problem) => withoutJail(problem));
}

/** A configuration of one jail that has nothing but the filter. */
function onlyJail(filter: string, dir: string): Parameters<typeof readJail>[1] {
  const option = (value: string): Option => ({ value, file: '', line: 0, lines: [], cut: [] });
  const jail: Options = new Map([
    ['enabled', option('true')],
    ['filter', option(filter.replaceAll('%', '%%'))],
  ]);
  const defaults: Options = new Map([
    ['fail2ban_version', option(FAIL2BAN_PARITY)],
    ['fail2ban_confpath', option(dir)],
  ]);
  return { defaults, sections: new Map([[filter, jail]]), known: new Map(), mistakes: [], files: [] };
}

function checkClosely(reading: JailReading, request: FilterCheckRequest, report: Report): void {
  const { longest = Infinity, goOn = () => true } = request;
  const long = regexesOf(reading).filter(({ regex }) => regex.length > longest);
  for (const { option, regex } of long) {
    report('warning', option, `the regex has ${regex.length} characters and is not checked; more than ${longest} are hard to read, too`, {
      text: regex,
    });
  }
  if (long.length > 0) return;
  const allowance: StepAllowance = { steps: TRY_STEPS };
  let skipped = 0;
  checkRegexes(reading, report, {
    goOn() {
      const going = skipped === 0 && goOn();
      if (!going) skipped += 1;
      return going;
    },
    compiled(option, regex, { usedns = 'warn', multiline = false }) {
      const danger = findDanger(expandTags(regex, { usedns }), { multiline }, allowance);
      if (danger === null) return;
      report('warning', option, dangerMessage(danger), { text: regex, column: writtenColumn(regex, danger.column, { usedns }) + 1 });
    },
    needsFailregex: () => true,
  });
  if (skipped > 0) report('warning', 'failregex', `${skipped} regex(es) were not looked at: the others had taken all the time`);
}

function regexesOf(reading: JailReading): readonly { readonly option: string; readonly regex: string }[] {
  return reading.commands.flatMap(([, , name, value]) => {
    const option = /^(?:add)?(prefregex|failregex|ignoreregex)$/.exec(String(name))?.[1];
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
    return option === undefined ? [] : texts.filter((text) => typeof text === 'string').map((regex) => ({ option, regex }));
  });
}

/** Options of `[Definition]` that nobody reads and that look like known ones. */
function checkOptionNames(reading: JailReading, problems: Problem[]): void {
  const { filter } = reading;
  if (filter === null) return;
  const options = filter.sections.get('Definition');
  if (options === undefined) {
    const file = filter.files.at(-1);
    problems.push({
      severity: 'error',
      message: 'the filter has no section [Definition]; its options belong there',
      ...(file === undefined ? {} : { file, line: 1 }),
    });
    return;
  }
  const values = [filter.defaults, ...filter.sections.values()].flatMap((section) => [...section.values()].map(({ value }) => value));
  for (const [name, option] of options) {
    const meant = NAMES.includes(name) ? undefined : nearMiss(name, NAMES);
    const used = values.some((value) => value.includes(`%(${name})s`) || value.includes(`<${name}>`));
    if (meant === undefined || used) continue;
    const { file, line } = option;
    problems.push({ severity: 'warning', option: name, message: `nobody reads this option; did you mean '${meant}'?`, file, line });
  }
}

function withoutJail(problem: Problem): Problem {
  const copy: { -readonly [K in keyof Problem]: Problem[K] } = { ...problem };
  delete copy.jail;
  return copy;
}
