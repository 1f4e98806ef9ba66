/** Asks the installed fail2ban which date it sees in lines: what it cuts out of each, and the time it means. */
import type { DateCase } from './date-cases';
import { GUESSED_DAYS, StockProcess } from './stock-process';

/** What is seen in a line: the text before the date, the date, the text behind it; seconds since the epoch; whether the line itself bears no date. */
export type SeenDate = readonly [before: string, date: string, after: string, time: number | null, noDate: boolean];

/** Null for a line that cannot be read at all. */
export type SeenLine = SeenDate | null;

export interface StockDates {
  /** A text when the pattern is refused. */
  readonly seen: readonly SeenLine[] | string;
  /** For each line whether its date has a zone but no year, or no day. */
  readonly guessed: readonly boolean[];
  /** Characters in the lines that Python's Unicode does not know. */
  readonly unknown: string;
}

const SCRIPT = String.raw`${GUESSED_DAYS}
import json, logging, re, sys, unicodedata
from fail2ban.server.datedetector import DateDetector
from fail2ban.server.filter import Filter
from fail2ban.server.mytime import MyTime
logging.disable(logging.CRITICAL)
class Jail:
    name = 'fuzz'
    database = None
class Seeing(Filter):
    def findFailure(self, tupleLine, date, noDate=False):
        return [*map(str, tupleLine), date, noDate]
def run(case):
    for template in DateDetector._defCache.templates: template.hits = 0
    made = Seeing(Jail())
    made.ignoreSelf = False
    try:
        if case['logtimezone'] is not None: made.setLogTimeZone(case['logtimezone'])
        if case['datepattern'] is not None: made.setDatePattern(case['datepattern'])
        if case['datepattern'] is not None:
            for one in made.dateDetector.templates:
                one.template.matchDate('')
                one.template.hits = 0
    except Exception as error:
        return str(error), []
    made.inOperation = False
    made.setFindTime(1 << 60)
    seen, years = [], []
    for line, now in zip(case['lines'], case['times']):
        MyTime.setTime(now)
        guessed[0] = False
        try: seen.append(made.processLine(line))
        except Exception: seen.append(None)
        years.append(guessed[0])
    return seen, years
for text in sys.stdin:
    asked = json.loads(text)
    signs = set(re.findall('[^\x00-\x7f]', ''.join(asked['lines'])))
    unknown = ''.join(sign for sign in signs if unicodedata.category(sign) == 'Cn')
    seen, years = run(asked)
    print(json.dumps({'seen': seen, 'guessed': years, 'unknown': unknown}), flush=True)
`;

/** A running Python that sees dates. */
export function stockDates(): { ask(dateCase: DateCase): void; next(): Promise<StockDates>; end(): void } {
  const python = new StockProcess<StockDates>(SCRIPT);
  return { ask: (dateCase) => python.write(dateCase), next: () => python.next(), end: () => python.end() };
}
