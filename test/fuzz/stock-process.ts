/** A running Python with the installed fail2ban: asked in lines of JSON, answered in lines of JSON, in order. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import * as readline from 'node:readline';
import { PYTHON } from '../support/python-re';

export class StockProcess<Answer> {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;
  private errors = '';

  /** @param script reads questions from standard input, writes an answer for each that has one */
  constructor(script: string) {
    this.child = spawn(PYTHON, ['-c', script], { env: { ...process.env, PYTHONIOENCODING: 'utf-8' } });
    this.child.stderr.on('data', (text: Buffer) => (this.errors += text.toString()));
    this.answers = readline.createInterface({ input: this.child.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]();
  }

  write(asked: object): void {
    this.child.stdin.write(`${JSON.stringify(asked)}\n`);
  }

  /** The answer to the earliest question that has none yet. */
  async next(): Promise<Answer> {
    const answer = await this.answers.next();
    if (answer.done === true) throw new Error(`the original ended: ${this.errors}`);
    return JSON.parse(answer.value) as Answer;
  }

  end(): void {
    this.child.stdin.end();
  }
}

/** Python: notes when a date is converted that has a zone but no year, or no day: the original then compares times of two zones (docs/deviations.md, zone-without-day). */
export const GUESSED_DAYS = String.raw`
import fail2ban.server.datetemplate as datetemplate
guessed = [False]
convert = datetemplate.reGroupDictStrptime
def watched(found, msec=False, default_tz=None):
    day = any(found.get(name) for name in 'dmbB')
    if not (day and (found.get('Y') or found.get('y'))) and (found.get('z') or found.get('Z') or default_tz is not None): guessed[0] = True
    return convert(found, msec=msec, default_tz=default_tz)
datetemplate.reGroupDictStrptime = watched
`;
