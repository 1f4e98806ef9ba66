/** Asks Python's own `re` what a pattern means: one process for a whole batch of patterns and texts. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface ReJob {
  readonly pattern: string;
  readonly multiline?: boolean;
  /** Only the spans of the whole and of the named groups are of interest. */
  readonly namedOnly?: boolean;
  readonly texts: readonly string[];
}

/** Spans of the whole and of the groups in code points, [-1, -1] where a group took no part; null for no match; 'timeout' when Python took too long, by its processor's clock, on it or on a text before. */
export type ReMatch = readonly (readonly [number, number])[] | null | 'timeout';

export type ReAnswer = { readonly error: string; readonly position: number | null } | { readonly matches: readonly ReMatch[] };

/** Debian's Python, whose package fail2ban runs on; else the one on the path. */
export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Python: reads lists of jobs, one a line, and prints a list of answers for each. */
export const RE_SCRIPT = `
import json, re, signal, sys, warnings
warnings.simplefilter('ignore')
class Late(Exception): pass
def late(*_): raise Late()
signal.signal(signal.SIGVTALRM, late)
def answer(job):
    try:
        pattern = re.compile(job['pattern'], re.MULTILINE if job.get('multiline') else 0)
    except re.error as error:
        return {'error': error.msg, 'position': error.pos}
    except (OverflowError, ValueError, RecursionError) as error:
        return {'error': str(error), 'position': None}
    groups = [0, *pattern.groupindex.values()] if job.get('namedOnly') else range(pattern.groups + 1)
    matches = []
    for text in job['texts']:
        # A pattern that is slow on one text is on others: the second would take as long.
        if 'timeout' in matches:
            matches.append('timeout')
            continue
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.5)
        try:
            match = pattern.search(text)
            matches.append(match and [match.span(i) for i in groups])
        except Late:
            matches.append('timeout')
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return {'matches': matches}
for line in sys.stdin:
    print(json.dumps([answer(job) for job in json.loads(line)]), flush=True)
`;

/** Runs a Python script with JSON on its input; what it prints, parsed. */
export function runPython<T>(script: string, input: unknown, timeoutSeconds = 120): T {
  const run = spawnSync(PYTHON, ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    timeout: timeoutSeconds * 1000,
    env: { ...process.env, LC_ALL: 'C.UTF-8', PYTHONIOENCODING: 'utf-8' },
  });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`python3 failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as T;
}

/** Python's answers, one for each job. */
export function askPython(jobs: readonly ReJob[]): ReAnswer[] {
  return runPython<ReAnswer[]>(RE_SCRIPT, jobs);
}
