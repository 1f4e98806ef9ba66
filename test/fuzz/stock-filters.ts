/** Asks the installed fail2ban which failures its own filters find in logs: one process, a case in each line of JSON, its answer in a line. */
import type { FilterSet, FuzzCase } from './filter-cases';
import { GUESSED_DAYS, StockProcess } from './stock-process';

/** One failure as both sides tell it. */
export interface ToldFailure {
  readonly id: string;
  readonly time: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly matches: readonly string[];
}

/** The failures in each line; shorter than the case when a line took longer than the time allowed. */
export type Told = readonly (readonly ToldFailure[])[];

const SCRIPT = String.raw`${GUESSED_DAYS}
import json, logging, re, signal, sys, unicodedata
from fail2ban.server.datedetector import DateDetector
from fail2ban.server.filter import Filter
from fail2ban.server.mytime import MyTime
logging.disable(logging.CRITICAL)
class Late(BaseException): pass
def late(*_): raise Late()
signal.signal(signal.SIGALRM, late)
class Jail:
    name = 'fuzz'
    database = None
sets = {}
KEPT = ['_Filter__failRegex', '_Filter__ignoreRegex', '_Filter__prefRegex']
def fresh(given):
    made = Filter(Jail())
    made.setUseDns(given['usedns'])
    made.setMaxLines(given['maxlines'])
    made.ignoreSelf = False
    made.sleeptime = 0
    if given['datepattern'] is not None: made.setDatePattern(given['datepattern'])
    made.commonError = lambda *args, **kwargs: None
    return made
def define(given):
    made = fresh(given)
    if given['prefregex']: made.prefRegex = given['prefregex']
    for regex in given['failregex']: made.addFailRegex(regex)
    for regex in given['ignoreregex']: made.addIgnoreRegex(regex)
    return given, {name: getattr(made, name) for name in KEPT}
def plain(value):
    if isinstance(value, (set, frozenset)): return sorted(map(str, value))
    if isinstance(value, (list, tuple)): return [plain(one) for one in value]
    return value if isinstance(value, (int, float)) else str(value)
def tell(ticket):
    data = {name: plain(value) for name, value in ticket.getData().items() if name not in ('matches', 'failures') and value is not None}
    matches = [line if isinstance(line, str) else ''.join(line) for line in ticket.getMatches()]
    return {'id': str(ticket.getID()), 'time': ticket.getTime(), 'data': data, 'matches': matches}
def run(case):
    given, regexes = sets[case['set']]
    filter = fresh(given)
    for name, value in regexes.items(): setattr(filter, name, value)
    # the hits of the default templates are counted for the whole process: each case begins anew
    for template in DateDetector._defCache.templates: template.hits = 0
    filter.inOperation = case['inOperation']
    filter.setFindTime(case['findtime'])
    found = []
    filter.failManager.addFailure = lambda ticket, *args, **kwargs: found.append(tell(ticket)) or 0
    told, years = [], []
    for line, now in zip(case['lines'], case['times']):
        MyTime.setTime(now)
        found = []
        guessed[0] = False
        signal.setitimer(signal.ITIMER_REAL, 2)
        try:
            if given['journal']: filter.processLineAndAdd(('', '', line), now)
            else: filter.processLineAndAdd(line)
        except Late:
            return told, years
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        told.append(found)
        years.append(guessed[0])
    return told, years
for text in sys.stdin:
    asked = json.loads(text)
    if 'define' in asked: sets[asked['define']] = define(asked['filter'])
    else:
        signs = set(re.findall('[^\x00-\x7f]', ''.join(asked['lines'])))
        unknown = ''.join(sign for sign in signs if unicodedata.category(sign) == 'Cn')
        told, years = run(asked)
        print(json.dumps({'told': told, 'guessed': years, 'unknown': unknown}), flush=True)
`;

/** What the original says to a case. */
export interface StockAnswer {
  readonly told: Told;
  /** For each line whether its date has a zone but no year, or no day. */
  readonly guessed: readonly boolean[];
  /** Characters in the lines that Python's Unicode does not know. */
  readonly unknown: string;
}

/** A running Python with fail2ban's filters. */
export class StockFilters {
  private readonly process = new StockProcess<StockAnswer>(SCRIPT);
  private readonly defined = new Set<number>();

  constructor(private readonly sets: readonly FilterSet[]) {}

  /** Hands a case over; its answer comes when `next` is asked. */
  ask(fuzzCase: FuzzCase): void {
    const { set } = fuzzCase;
    if (!this.defined.has(set)) this.process.write({ define: set, filter: this.sets[set] });
    this.defined.add(set);
    this.process.write(fuzzCase);
  }

  /** The answer to the earliest case that has none yet. */
  next(): Promise<StockAnswer> {
    return this.process.next();
  }

  end(): void {
    this.process.end();
  }
}
