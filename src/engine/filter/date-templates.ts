/** Makes the list of date templates that a `datepattern` asks for; without one, fail2ban's default list. */
import { type DateBoundary, boundDate, parseDatePattern } from './date-pattern';
import { type DateTemplate, patternTemplate } from './date-template';
import { epochPatternTemplate, epochTemplate, tai64nTemplate } from './number-dates';

/** A template and how much its hits weigh when the list re-orders itself. */
export interface WeightedTemplate {
  readonly template: DateTemplate;
  readonly weight: number;
}

/** The default patterns in fail2ban's order (reference 3.3). */
export const DEFAULT_PATTERNS: readonly string[] = [
  '%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?',
  '(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  '(?:%a )?%b %d %ExY %k:%M:%S(?:\\.%f)?',
  '%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S',
  '%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\\.%f)?(?: %z)?',
  '%m/%d/%ExY:%H:%M:%S',
  '%m-%d-%ExY %k:%M:%S(?:\\.%f)?',
  'EPOCH',
  '{^LN-BEG}%H:%M:%S',
  '^<%m/%d/%Exy@%H:%M:%S>',
  '%Exy%Exm%Exd  ?%H:%M:%S',
  '%b %d, %ExY %I:%M:%S %p',
  '^%b-%d-%Exy %k:%M:%S',
  '%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\\s*%z)?',
  '(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  '(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  'TAI64N',
];

const ANCHORED_WEIGHT = 100;

function splitPrefix(pattern: string): readonly [DateBoundary, string] {
  if (/^\{UNB\}/i.test(pattern)) return ['none', pattern.slice(5)];
  if (/^\{\^LN-BEG\}/i.test(pattern)) return ['line', pattern.slice(9)];
  return ['word', pattern];
}

/** The empty match at the line's beginning: a log without dates. */
function noneTemplate(): DateTemplate {
  const { regex, lineEnd, wordBegin, wordEnd } = boundDate('^', 'none');
  return {
    name: '^',
    pattern: '{UNB}^',
    regex,
    lineBegin: true,
    lineEnd,
    wordBegin,
    wordEnd,
    find: () => ({ start: 0, end: 0, from: 0, to: 0, field: () => null }),
    timeOf: () => null,
    isZoned: () => false,
  };
}

/** The template of a single pattern without `{DATE}`. */
function templateOf(pattern: string, now: number): DateTemplate {
  const special = /^(\{\^LN-BEG\}|\^)?(L?EPOCH|TAI64N)$/i.exec(pattern);
  if (special !== null) {
    const word = (special[2] ?? '').toUpperCase();
    return word === 'TAI64N' ? tai64nTemplate(special[1] !== undefined) : epochTemplate(word === 'LEPOCH', special[1] !== undefined);
  }
  if (/\{L?EPOCH\}/i.test(pattern)) return epochPatternTemplate(pattern);
  const [boundary, body] = splitPrefix(pattern);
  return patternTemplate(parseDatePattern(body, boundary, now), pattern);
}

function isAnchored(pattern: string): boolean {
  return pattern.startsWith('^') || pattern.startsWith('{^LN-BEG}');
}

/** fail2ban's default list: anchored copies first, then all as they are. */
export function defaultTemplates(now: number): readonly WeightedTemplate[] {
  const anchored = DEFAULT_PATTERNS.filter((pattern) => !isAnchored(pattern)).map((pattern) => `{^LN-BEG}${pattern}`);
  return [
    ...anchored.map((pattern) => ({ template: templateOf(pattern, now), weight: ANCHORED_WEIGHT })),
    ...DEFAULT_PATTERNS.map((pattern) => ({ template: templateOf(pattern, now), weight: 1 })),
  ];
}

/** One template per default pattern, put in the place of `{DATE}`; numbers are not known there unless nothing stands around them. */
function templatesAround(pattern: string, now: number): readonly WeightedTemplate[] {
  const around = /^(\{\^LN-BEG\}|\^)?\{DATE\}$/i.exec(pattern);
  return DEFAULT_PATTERNS.map((standard) => {
    const special = standard === 'EPOCH' || standard === 'TAI64N';
    const body = special && around === null ? (standard === 'EPOCH' ? 'Epoch' : standard) : splitPrefix(standard)[1];
    return {
      template: templateOf(
        pattern.replace(/\{DATE\}/i, () => body),
        now,
      ),
      weight: 1,
    };
  });
}

function templatesOfLine(pattern: string, now: number): readonly WeightedTemplate[] {
  if (/^\{DEFAULT\}$/i.test(pattern)) return defaultTemplates(now);
  if (/^\{\^LN-BEG\}$/i.test(pattern)) return defaultTemplates(now).filter(({ template }) => template.lineBegin);
  if (/^\{NONE\}$/i.test(pattern)) return [{ template: noneTemplate(), weight: 1 }];
  if (/\{DATE\}/i.test(pattern)) return templatesAround(pattern, now);
  return [{ template: templateOf(pattern, now), weight: 1 }];
}

/** Templates by what they were made of: thousands of files are dated alike. */
const made = new Map<string, readonly WeightedTemplate[]>();
const MOST_MADE = 100;

/**
 * The templates of a `datepattern`: one pattern per line; null or '' is the default list (jail.conf(5), «datepattern»).
 * Of several with the same name the first counts.
 * @param now seconds since the epoch: `%ExY` takes plausible years only
 * @throws DatePatternError when a pattern has a token that does not exist
 */
export function templatesOf(datepattern: string | null, now: number): readonly WeightedTemplate[] {
  const key = `${new Date(now * 1000).getFullYear()} ${datepattern ?? ''}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const templates = makeTemplates(datepattern, now);
  if (made.size >= MOST_MADE) made.clear();
  made.set(key, templates);
  return templates;
}

function makeTemplates(datepattern: string | null, now: number): readonly WeightedTemplate[] {
  const lines = (datepattern ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  if (lines.length === 0) return defaultTemplates(now);
  const seen = new Set<string>();
  return lines
    .flatMap((line) => templatesOfLine(line, now))
    .filter(({ template }) => !seen.has(template.name) && seen.add(template.name) !== undefined);
}

/** A line of a `datepattern` that asks for nothing but what is built in. */
const BUILT_IN = /^(?:\{(?:DEFAULT|\^LN-BEG|NONE)\}|(?:\{\^LN-BEG\}|\^)?(?:L?EPOCH|TAI64N))$/i;

/** Whether a `datepattern` is made of built-in templates only: those are known to take little time on any line, unlike somebody's own. */
export function isBuiltIn(datepattern: string | null): boolean {
  return (datepattern ?? '').split('\n').every((line) => line.trim() === '' || BUILT_IN.test(line.trim()));
}

/** How `fail2ban-regex` and `get JAIL datepattern` call a datepattern: the readable name of its first pattern. */
export function nameOfDatepattern(datepattern: string | null, now: number): string {
  const first = (datepattern ?? '').split('\n').find((line) => line.trim() !== '') ?? null;
  const templates = templatesOf(first, now);
  return templates.length === 1 ? (templates[0]?.template.name ?? '') : 'Default Detectors';
}
