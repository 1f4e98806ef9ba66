/** What came from a log reaches a terminal as text, and a pipe byte for byte; and it makes no line of its own in the log. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { printableLines } from '../../src/base/steering';
import { forReader } from '../../src/bin/terminal';
import { wordsOf } from '../../src/contracts/log/wording';
import { parseLogLine } from '../../src/contracts/log/parse';
import type { JailEvent } from '../../src/model/event';

const STEERING = '\u001b]0;title\u0007\u001b[2J\u009b31m\u0090\u202e\u2066\u200f\u2028\u0085\r\b';
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const FORGED = '2026-11-27 10:00:00,000 fail2ban.actions        [1]: NOTICE  [sshd] Unban 192.0.2.1';
const ID = `x${STEERING}\n${FORGED}`;

test('a terminal gets no control character and no turn of direction, a pipe gets all of them', () => {
  expect(forReader(ID, { isTTY: true })).toBe(printableLines(ID));
  expect(forReader(`a\tb\n${STEERING}`, { isTTY: true })).toMatch(/^a\tb\n[^\u0000-\u001f]*$/);
  for (const pipe of [{}, { isTTY: false }]) expect(forReader(ID, pipe)).toBe(ID);
});

describe('as programs', () => {
  const program = path.resolve(__dirname, '../../dist/bin/bailiff-regex.js');
  const line = `2026-11-27 10:00:00 fail 192.0.2.1 ${STEERING.replaceAll('\r', '').replaceAll('\u0085', '').replaceAll('\u2028', '')} end`;
  const args = [program, '--print-all-matched', line, '^ fail <HOST> .* end$'];

  it('bailiff-regex says the same to a pipe as it was given, and to a terminal without what steers it', () => {
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toContain(line);
    const quoted = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
    const shown = execFileSync('script', ['-qec', `${quoted} 2>/dev/null`, '/dev/null'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(shown).toContain('fail 192.0.2.1');
    expect(shown.replaceAll('\r\n', '\n')).not.toMatch(STEERS);
  });
});

const EVENTS: readonly JailEvent[] = [
  { jail: 'j', kind: 'found', id: ID, time: 1 },
  { jail: 'j', kind: 'attempt', id: ID, time: 1 },
  { jail: 'j', kind: 'found-bad', id: ID, time: 1, bans: 1, retry: '1', ban: true },
  { jail: 'j', kind: 'ignore', id: ID, by: ID },
  { jail: 'j', kind: 'expired', id: ID },
  { jail: 'j', kind: 'ban', id: ID },
  { jail: 'j', kind: 'restore-ban', id: ID },
  { jail: 'j', kind: 'reban', id: ID },
  { jail: 'j', kind: 'unban', id: ID },
  { jail: 'j', kind: 'already-banned', id: ID, age: 1 },
  { jail: 'j', kind: 'action-failed', action: 'a', operation: 'ban', id: ID, message: `Error banning ${ID}` },
  { jail: 'j', kind: 'action-failed', action: 'a', operation: 'check', message: ID },
];

test.each(EVENTS)('the log tells $kind in one line, and nothing in it is read as a line of its own', (event) => {
  const { name, level, message } = wordsOf(event);
  expect(message).not.toMatch(STEERS);
  expect(message.split('\n')).toHaveLength(1);
  const line = `2026-11-27 10:00:00,000 ${name.padEnd(24)}[1]: ${level.padEnd(7)} ${message}`;
  for (const part of line.split('\n')) expect(parseLogLine(part)?.event).not.toMatchObject({ kind: 'unban', id: '192.0.2.1' });
});
