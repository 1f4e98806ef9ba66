/** Finds the date in each of a log's lines, preferring the template and the place that fitted the lines before (reference 3.4). */
import { couldBeAnyOf } from '../../regex/union';
import type { DateTemplate, FoundDate } from './date-template';
import type { WeightedTemplate } from './date-templates';

/** Seconds after which a template's earlier hits no longer defend its place in the list. */
const UNUSED_AFTER = 300;
const FAR = 0x7fffffff;
/** Before any date was found, one that stands further right is distrusted as if the last had stood here. */
const FIRST_START = 1;

/** A template in the list, with what it has earned. */
interface Entry {
  readonly template: DateTemplate;
  readonly base: number;
  hits: number;
  lastUsed: number;
  /** Offset of its last match. */
  distance: number;
  /** What it finds in an enclosed date, and which one that is. */
  enclosed: EnclosedDate | null;
  inEnclosed: FoundDate | null;
}

export interface DatedLine {
  readonly template: DateTemplate;
  readonly found: FoundDate;
}

/** A date in brackets, far from the line's beginning, with nothing else in the line that could be a date: what a template finds there is the same wherever it stands. */
export interface EnclosedDate {
  /** A line that has it, and where it begins there. */
  readonly line: string;
  readonly at: number;
}

/** A text by its characters: those beyond U+FFFF are two units of a text, but one character where places are counted. */
type Characters = string | readonly string[];

/** Where the last date stood, in characters, and those around its ends. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly first: string;
  readonly last: string;
  readonly after: string;
}

const isLetterOrDigit = (char: string): boolean => /^[\p{L}\p{N}]$/u.test(char);

const charactersOf = (text: string): Characters => (/[\ud800-\udbff][\udc00-\udfff]/.test(text) ? [...text] : text);
const characterAt = (text: Characters, place: number): string => text[place] ?? '';

/** The place of a unit of the text, and the unit of a place. */
const placeOf = (text: Characters, unit: number): number => (typeof text === 'string' ? unit : [...text.join('').slice(0, unit)].length);
const unitOf = (text: Characters, place: number): number => (typeof text === 'string' ? place : text.slice(0, place).join('').length);

function sameBoundaries(text: Characters, place: Place): boolean {
  const begins =
    characterAt(text, place.start - 1) === place.before ||
    (characterAt(text, place.start) === place.first && !isLetterOrDigit(place.first));
  if (!begins) return false;
  return characterAt(text, place.end) === place.after || (characterAt(text, place.end - 1) === place.last && !isLetterOrDigit(place.last));
}

const weightOf = (entry: Entry): number => (entry.hits * entry.base) / Math.max(1, entry.distance);

function findAnywhere(entry: Entry, text: string, enclosed: EnclosedDate | null, at: number): FoundDate | null {
  if (enclosed === null) return entry.template.find(text);
  if (entry.enclosed !== enclosed) {
    entry.enclosed = enclosed;
    entry.inEnclosed = entry.template.find(enclosed.line);
  }
  const found = entry.inEnclosed;
  if (found === null) return null;
  const by = at - enclosed.at;
  return { start: found.start + by, end: found.end + by, from: found.from + by, to: found.to + by, field: found.field };
}

/** The entries of templates that have earned nothing yet: thousands of logs share them. */
const unused = new WeakMap<readonly WeightedTemplate[], readonly Entry[]>();

function unusedOf(templates: readonly WeightedTemplate[]): readonly Entry[] {
  const known = unused.get(templates);
  if (known !== undefined) return known;
  const fresh = { hits: 0, lastUsed: 0, distance: FAR, enclosed: null, inEnclosed: null };
  const entries = templates.map(({ template, weight }): Entry => ({ template, base: weight, ...fresh }));
  unused.set(templates, entries);
  return entries;
}

/** For lists of templates, by their regexes: what finds that one of them finds something in a line of ASCII. Null when that can't be told. */
const lookouts = new Map<string, RegExp | null>();
const MOST_LOOKOUTS = 50;

function lookoutOf(templates: readonly DateTemplate[]): RegExp | null {
  const sources = templates.map(({ regex }) => regex);
  const key = sources.join('\n');
  let lookout = lookouts.get(key);
  if (lookout === undefined) {
    if (lookouts.size >= MOST_LOOKOUTS) lookouts.clear();
    lookouts.set(key, (lookout = couldBeAnyOf(sources)));
  }
  return lookout;
}

/** Before a date was found. */
const NOWHERE: Place = { start: FIRST_START, end: FAR, before: '', first: '', last: '', after: '' };

export class DateDetector {
  /** All templates match at the line's beginning only: then it does not matter where the last date stood. */
  readonly isAnchored: boolean;
  /** Those of everybody until a date was found. */
  private entries: readonly Entry[];
  private lookout: RegExp | null | undefined;
  private last = -1;
  private place = NOWHERE;
  private firstUnused = 0;

  constructor(templates: readonly WeightedTemplate[]) {
    this.isAnchored = templates.every(({ template }) => template.lineBegin);
    this.entries = unusedOf(templates);
  }

  /** The templates in their present order with their hits, as `fail2ban-regex` lists them. */
  tally(): readonly { readonly template: DateTemplate; readonly hits: number; readonly weight: number; readonly base: number }[] {
    return this.entries.map((entry) => ({ template: entry.template, hits: entry.hits, weight: weightOf(entry), base: entry.base }));
  }

  /**
   * The date in a line and the template that found it; null when no template does.
   * @param now seconds since the epoch
   * @param enclosed a date that this line has at `at` as well, and no other
   */
  find(text: string, now: number, enclosed: EnclosedDate | null = null, at = 0): DatedLine | null {
    const characters = charactersOf(text);
    const last = this.entries[this.last];
    let tried = -1;
    let other: { index: number; found: FoundDate } | null = null;
    if (last !== undefined) {
      const anchored = last.template.lineBegin || last.template.lineEnd;
      const narrow = !anchored && sameBoundaries(characters, this.place);
      const found = narrow ? this.findIn(last, text, characters, enclosed, at) : findAnywhere(last, text, enclosed, at);
      if (!narrow) tried = this.last;
      if (found !== null) {
        const here = placeOf(characters, found.start) === this.place.start && placeOf(characters, found.end) === this.place.end;
        if (this.entries.length === 1 || anchored || here) return this.accept(this.last, found, characters, now);
        other = { index: this.last, found };
      }
    }
    for (let index = 0; index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry === undefined || index === tried) continue;
      const found = findAnywhere(entry, text, enclosed, at);
      if (found === null) continue;
      if (this.takes(entry, index, placeOf(characters, found.start))) return this.accept(index, found, characters, now);
      if (other === null || found.start < other.found.start) other = { index, found };
    }
    return other === null ? null : this.accept(other.index, other.found, characters, now);
  }

  /** What a template finds where the last date stood. */
  private findIn(entry: Entry, text: string, characters: Characters, enclosed: EnclosedDate | null, at: number): FoundDate | null {
    const [start, end] = [unitOf(characters, this.place.start), unitOf(characters, this.place.end)];
    const known = enclosed === null ? null : findAnywhere(entry, text, enclosed, at);
    return known !== null && known.start === start && known.end === end ? known : entry.template.find(text, start, end);
  }

  /**
   * Whether no template can find a date. Only of anchored ones: others are in nearly every line.
   * @param line of ASCII only
   */
  isSurelyUndated(line: string): boolean {
    if (!this.isAnchored) return false;
    if (this.lookout === undefined) this.lookout = lookoutOf(this.entries.map(({ template }) => template));
    return this.lookout !== null && !this.lookout.test(line);
  }

  /** Counts lines that begin as the last one did, whose date is therefore known. */
  again(now: number, lines: number): void {
    const entry = this.entries[this.last];
    if (entry === undefined || lines === 0) return;
    entry.hits += lines;
    entry.lastUsed = now;
  }

  /** Whether a match may be trusted at once, or whether a template further down the list could find a better one. */
  private takes(entry: Entry, index: number, distance: number): boolean {
    const next = this.entries[index + 1];
    if (next === undefined || entry.template.lineBegin || entry.template.lineEnd) return true;
    if (distance === 0 && entry.hits > 0 && next.hits === 0) return true;
    return distance <= entry.distance && distance <= this.place.start;
  }

  private accept(index: number, found: FoundDate, text: Characters, now: number): DatedLine {
    const entry = this.ownEntry(index);
    entry.hits += 1;
    entry.lastUsed = now;
    const [start, end] = [placeOf(text, found.start), placeOf(text, found.end)];
    entry.distance = start;
    if (index === this.firstUnused) this.firstUnused += 1;
    const at = (place: number): string => characterAt(text, place);
    this.place = { start, end, before: at(start - 1), first: at(start), last: at(end - 1), after: at(end) };
    this.last = index > 0 && index !== this.last ? this.moveUp(index, now) : index;
    return { template: entry.template, found };
  }

  /** An entry that may be written to: those that have earned nothing yet are everybody's. */
  private ownEntry(index: number): Entry {
    const entry = this.entries[index] as Entry;
    if (entry.hits > 0) return entry;
    const own = { ...entry };
    this.entries = this.entries.map((other, at) => (at === index ? own : other));
    return own;
  }

  /** Moves a template towards the front of the list when it has earned that; returns where it stands then. */
  private moveUp(index: number, now: number): number {
    const entry = this.entries[index] as Entry;
    const beats = (target: number): boolean => {
      const there = this.entries[target];
      return there !== undefined && (weightOf(entry) > weightOf(there) || there.lastUsed < now - UNUSED_AFTER);
    };
    let target = this.firstUnused < index ? this.firstUnused : Math.floor(index / 2);
    if (!beats(target)) {
      target = index - 1;
      if (!beats(target)) return index;
    }
    const others = this.entries.filter((_, at) => at !== index);
    this.entries = [...others.slice(0, target), entry, ...others.slice(target)];
    while ((this.entries[this.firstUnused]?.hits ?? 0) > 0) this.firstUnused += 1;
    return target;
  }
}
