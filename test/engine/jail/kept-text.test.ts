/** However long the lines are that attackers write, and from however many addresses: what is kept of them is bounded, and nobody is let go for it. */
import { BanList } from '../../../src/engine/jail/ban-list';
import { FailureCounter } from '../../../src/engine/jail/failure-counter';
import { KeptText } from '../../../src/engine/jail/kept-text';
import { matchedText, type MatchedLine } from '../../../src/model/ticket';
import { banTicket, failTicket } from '../../support/tickets';

const MOST = 100_000;
const LONG = 'x'.repeat(8000);

const lengthOf = (lines: readonly (readonly MatchedLine[])[]): number =>
  lines.flat().reduce((sum, line) => sum + matchedText(line).length, 0);

test('lines of counted failures are let go but for their beginnings, the counts are not, and what is written shrinks with them', () => {
  const counter = new FailureCounter({ maxRetry: 3, findTime: 600, maxMatches: 3 }, 1000, new KeptText(MOST));
  const written = new Map<string, readonly MatchedLine[]>();
  for (let n = 0; n < 400; n++) {
    counter.add(failTicket(`id-${n % 200}`, n, { matches: [['', `${n}`, ` ${LONG}`]] }));
    const changes = counter.takeChanges();
    if (changes?.anew === true) written.clear();
    for (const { id, data } of changes?.counted ?? []) written.set(id, data.matches);
    expect(lengthOf([...written.values()])).toBeLessThan(MOST + 200 * 200 + 2 * LONG.length);
  }
  expect([counter.size, written.size]).toEqual([200, 200]);
  counter.add(failTicket('id-7', 400, { matches: ['the last'] }));
  const ticket = counter.take('id-7');
  expect(ticket?.data.failures).toBe(3);
  expect(ticket?.data.matches.map((line) => matchedText(line).slice(0, 5))).toEqual(['207 x', 'the l']);
});

test('lines of bans are let go but for their beginnings, and the bans stand', () => {
  const list = new BanList(new KeptText(MOST));
  for (let n = 0; n < 200; n++) {
    list.add(banTicket(`id-${n}`, { time: n, bantime: -1, data: { matches: ['first', `${n} ${LONG}`] } }), n);
    expect(lengthOf(list.tickets().map(({ data }) => data.matches))).toBeLessThan(MOST + 200 * 200 + 2 * LONG.length);
  }
  expect(list.size).toBe(200);
  expect(list.get('id-7')?.data.matches).toEqual([`7 ${LONG}`.slice(0, 200)]);
});

test('usual lines stay as they are, however many came and went', () => {
  const counter = new FailureCounter({ maxRetry: 1000, findTime: 600, maxMatches: 2 }, 1000, new KeptText(MOST));
  for (let n = 0; n < 5000; n++) counter.add(failTicket(`id-${n % 5}`, n, { matches: [`${n} ${'y'.repeat(1000)}`] }));
  const [first] = counter.takeChanges()?.counted ?? [];
  expect(first?.data.matches.map((line) => matchedText(line).length)).toEqual([1005, 1005]);
});
