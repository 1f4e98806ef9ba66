/** Makes hits from one dated line: prefregex, failregexes in their order, ignoreregexes, and the session that the line belongs to (reference 2.5). */
import { ownText } from '../../base/own-text';
import type { UseDns } from '../../model/jail-config';
import type { MatchedLine } from '../../model/ticket';
import type { Pattern, PatternMatch } from '../../regex/pattern';
import { holdAscii } from '../../regex/run-v8';
import { type Candidates, couldBegin, createCandidates } from './candidates';
import { addCaptured, addNew, type Captured, capturedOf, type GroupPlan, planGroups, type Identity, identify, isSet } from './captured';
import { HeldLines } from './held-lines';
import { LineBuffer, type LineParts, textOfParts } from './line-buffer';
import { passes, type PassingPlan, planPassing } from './passing';
import { Prefix } from './prefix';
import { type Counted, countSteps, Searches, withSteps } from './searches';
import { type Session, Sessions } from './sessions';

/** The compiled regexes of a filter. */
export interface FilterPatterns {
  readonly prefregex: Pattern | null;
  readonly failregex: readonly Pattern[];
  readonly ignoreregex: readonly Pattern[];
  readonly maxlines: number;
  readonly usedns: UseDns;
}

/** A failregex that matched. */
export interface Hit {
  readonly regexIndex: number;
  readonly identity: Identity;
  readonly data: Captured;
  readonly matches: readonly MatchedLine[];
  /** The lines of the buffer that this match took. */
  readonly lines: readonly LineParts[];
  /** The match of the failregex, and the lines in which it, or the prefregex before it, was looked for. */
  readonly found: PatternMatch;
  readonly searched: readonly LineParts[];
  /** No failure (yet): `<F-NOFAIL>`, or access was gained. */
  readonly nofail: boolean;
}

export interface LineOutcome {
  readonly hits: readonly Hit[];
  /** Indices of the ignoreregexes that let the line pass, one for each failregex that had matched. */
  readonly ignoredBy: readonly number[];
  /** The match of the prefregex; null when it did not match or there is none. */
  readonly prefix: PatternMatch | null;
}

const NO_HITS: readonly Hit[] = [];
const NO_LINES: readonly LineParts[] = [];
const NO_INDICES: readonly number[] = [];

export interface MatchOptions {
  /** Every failregex is tried, not only up to the first that matches. */
  readonly checkAll: boolean;
  /** Groups that took no part are told, for who shows what a regex captured. */
  readonly keepUnset?: boolean;
}

export class LineMatcher {
  private readonly buffer: LineBuffer;
  private readonly sessions = new Sessions();
  /** What later lines may need of those that were matched. */
  readonly held: HeldLines;
  private readonly ignoreFirst: boolean;
  private readonly prefixed: Prefix;
  private readonly candidates: Candidates;
  /** The indices of all failregexes. */
  private readonly every: readonly number[];
  private readonly plans: readonly GroupPlan[];
  private readonly passing: readonly (PassingPlan | null)[];
  /** Whether a failregex has groups that the prefregex has too. */
  private readonly overlaps: readonly boolean[];
  private readonly searches = new Searches();
  /** Of the line that was matched last: the ignoreregexes that let it pass, the match of the prefregex. */
  private ignored = NO_INDICES;
  private prefix: PatternMatch | null = null;

  constructor(
    private patterns: FilterPatterns,
    private readonly options: MatchOptions = { checkAll: false },
  ) {
    this.buffer = new LineBuffer(patterns.maxlines);
    this.held = new HeldLines(this.sessions, patterns.maxlines > 1 ? this.buffer : null);
    this.prefixed = new Prefix(patterns.prefregex, options.keepUnset ?? false);
    this.candidates = createCandidates(patterns.failregex);
    this.every = [...patterns.failregex.keys()];
    this.plans = patterns.failregex.map(({ groupNames }) => planGroups(groupNames, options.keepUnset ?? false));
    const single = patterns.maxlines === 1 && !options.checkAll;
    this.passing = this.plans.map((plan) => (single ? planPassing(this.prefixed.plan, plan) : null));
    this.overlaps = this.plans.map(({ names }) => names.some((name) => this.prefixed.plan.names.includes(name)));
    const count = patterns.ignoreregex.length;
    this.ignoreFirst = count > 0 && count < patterns.failregex.length - 2;
  }

  /** Keeps a line that itself cannot count, but that a match over several lines may need; returns whether a failregex would match it. */
  hold(line: LineParts): boolean {
    const matches = this.searches.first(this.patterns.failregex, `${textOfParts(line)}\n`) !== -1;
    if (this.patterns.maxlines > 1) this.buffer.add(line);
    return matches;
  }

  /**
   * What a line brings.
   * @param line the line, its date cut out
   * @param now seconds since the epoch: sessions end after a while
   */
  match(line: LineParts, now: number): LineOutcome {
    const hits = this.hitsIn(line, now, false, false);
    return { hits, ignoredBy: this.ignored, prefix: this.prefix };
  }

  /**
   * The hits of a line, for who asks for failures only: one that is none, and leaves nothing behind, is not told.
   * @param ascii whether the line is known to be of ASCII only
   */
  failuresIn(line: LineParts, now: number, ascii: boolean): readonly Hit[] {
    return this.hitsIn(line, now, true, ascii);
  }

  private hitsIn(line: LineParts, now: number, failuresOnly: boolean, ascii: boolean): readonly Hit[] {
    this.ignored = NO_INDICES;
    this.prefix = null;
    const { prefregex, maxlines } = this.patterns;
    this.buffer.add(line);
    let text = maxlines === 1 ? `${textOfParts(line)}\n` : this.buffer.text();
    const ownLine = text;
    const known = ascii && maxlines === 1;
    if (known) holdAscii(text);
    if (this.ignoreFirst) {
      const ignoredBy = this.ignores(text);
      if (ignoredBy !== null) {
        this.ignored = [ignoredBy];
        return NO_HITS;
      }
    }
    let whole = maxlines === 1;
    if (prefregex !== null) {
      const prefix = this.searches.search(prefregex, text);
      if (prefix === null) return NO_HITS;
      this.prefix = prefix;
      const left = this.prefixed.lineLeft(prefix, text);
      if (left !== null) {
        text = left;
        if (known) holdAscii(text);
        whole = true;
      }
    }
    return this.matchText(text, whole, now, failuresOnly ? ownLine : null);
  }

  /** Whether anything is kept of any session. */
  get keepsSessions(): boolean {
    return this.sessions.keepsAny;
  }

  /** Whether something may be kept of the session that a line belongs to, when its id stands in a text at `from`, and the line ends at `to`. */
  mayKeepAt(text: string, from: number, to: number): boolean {
    return this.sessions.mayKeepAt(text, from, to);
  }

  /** Takes back that a line was held or begun to be matched: it comes again. */
  forget(line: LineParts): void {
    this.buffer.forget(line);
  }

  /** The regex that searches, or was searching when it was ended. */
  get trying(): Pattern | null {
    return this.searches.trying;
  }

  /** What work brings during which no regex takes many steps; undefined when one did: then it has to be done otherwise, from the beginning. */
  inFewSteps<T>(work: () => T): T | undefined {
    return this.searches.inFewSteps(work);
  }

  /**
   * Does work with the steps of all regexes counted; one that seemed to be slow and took many is counted from then on.
   * @param suspect the regex that seemed to be slow
   */
  counting<T>(work: () => T, suspect: Pattern | null): Counted<T> {
    const before = this.patterns;
    this.patterns = withSteps(before, () => true);
    const counted = countSteps(work, suspect);
    this.patterns = counted.isSlow ? withSteps(before, (pattern) => pattern === suspect) : before;
    return counted;
  }

  /** What the prefregex captured. */
  prefixData(prefix: PatternMatch): Captured {
    return this.prefixed.dataOf(prefix);
  }

  /** @param only for who asks for failures only: the text of the line; null for who wants all hits */
  private matchText(searchedText: string, whole: boolean, now: number, only: string | null): readonly Hit[] {
    let text = searchedText;
    this.searches.begin();
    let hits: readonly Hit[] = NO_HITS;
    const { prefix } = this;
    const { failregex } = this.patterns;
    for (const index of whole ? this.candidates(text) : this.every) {
      const pattern = failregex[index] as Pattern;
      if (whole && !couldBegin(pattern, text)) continue;
      const found = this.searches.find(pattern, text);
      if (found === null) continue;
      const searched = this.buffer.all();
      const taken = whole ? null : this.buffer.taken(found, pattern.groupNames);
      const matched = taken?.matched ?? searched;
      if (!this.ignoreFirst && this.patterns.ignoreregex.length > 0) {
        const ignoredBy = this.ignores(whole ? text : matched.map((parts) => `${parts[0]}${parts[2]}\n`).join(''));
        if (ignoredBy !== null) {
          this.ignored = this.ignored.concat([ignoredBy]);
          if (!this.options.checkAll) break;
          continue;
        }
      }
      const passing = only !== null ? (this.passing[index] ?? null) : null;
      if (passing !== null && passes(passing, prefix, found, this.sessions, now)) break;
      if (taken !== null) {
        this.buffer.keep(taken.rest);
        text = this.buffer.text();
      }
      const data = this.dataOf(prefix, found, this.plans[index] as GroupPlan, this.overlaps[index] === true);
      const kept = only !== null && this.patterns.maxlines === 1 ? [keptLine(matched[0] as LineParts, only)] : matched;
      const hit = this.hit(index, data, matched, kept, found, searched, now);
      hits = hits.length === 0 ? [hit] : hits.concat([hit]);
      if (!this.options.checkAll) break;
    }
    if (hits.length === 0 && this.ignored.length === 0) this.searches.end();
    if (whole && hits.length > 0) this.buffer.keep(NO_LINES);
    return hits;
  }

  /** The groups of the prefregex but its content, with those of the failregex laid over them. */
  private dataOf(prefix: PatternMatch | null, found: PatternMatch, plan: GroupPlan, overlaps: boolean): Captured {
    if (prefix === null) return capturedOf(found, plan);
    const data = this.prefixed.dataBesideContent(prefix);
    if (plan.additions.length === 0) {
      if (overlaps) addCaptured(data, found, plan);
      else addNew(data, found, plan);
    } else capturedOf(found, plan).forEach((name, value) => data.set(name, value));
    return data;
  }

  /** @param kept the same lines, as they may be kept for long */
  private hit(
    regexIndex: number,
    captured: Captured,
    lines: readonly LineParts[],
    kept: readonly LineParts[],
    found: PatternMatch,
    searched: readonly LineParts[],
    now: number,
  ): Hit {
    let data = captured;
    let matches: readonly MatchedLine[] = kept;
    let session: Session | null = null;
    if (isSet(data, 'mlfid')) {
      const merged = this.sessions.merge(data, kept, now);
      session = merged.session;
      data = session.data;
      if (!merged.nofail) matches = session.matches;
    }
    const identity = identify(data, this.patterns.usedns);
    const nofail = isSet(data, 'nofail') || isSet(data, 'mlfgained');
    if (session !== null && identity.kind === 'none' && !nofail) session.pending = true;
    if (identity.kind === 'id' && identity.address !== null) data.set('ip', identity.address);
    return { regexIndex, identity, data, matches, lines, found, searched, nofail };
  }

  private ignores(text: string): number | null {
    const index = this.searches.first(this.patterns.ignoreregex, text);
    return index === -1 ? null : index;
  }
}

/** A line whose text shares the memory of the one that was searched, newline at its end, and not of all the lines that were read with it. */
function keptLine([before, date, after]: LineParts, searched: string): LineParts {
  return before === '' ? [before, date, searched.slice(0, -1)] : [ownText(before), date, ownText(after)];
}
