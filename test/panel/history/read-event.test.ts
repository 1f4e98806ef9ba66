import { readEvent, readEvents } from '../../../src/panel/history/read-event';
import { banned, BEGIN, found, line, locate } from '../../support/history-folder';

describe('a line of the log', () => {
  it.each([
    ['found', '192.0.2.1', found(5, '192.0.2.1')],
    ['ban', '192.0.2.9', banned(5, '192.0.2.9')],
    ['restore-ban', '192.0.2.1', line(5, 'actions', 'NOTICE', '[ssh] Restore Ban 192.0.2.1')],
    ['unban', '192.0.2.1', line(5, 'actions', 'NOTICE', '[ssh] Unban 192.0.2.1')],
    ['ignore', '192.0.2.1', line(5, 'filter', 'INFO', '[ssh] Ignore 192.0.2.1 by ip')],
    ['already-banned', '192.0.2.1', line(5, 'actions', 'WARNING', '[ssh] 192.0.2.1 already banned')],
  ])('becomes the event %s of %s', (kind, id, text) => {
    expect(readEvent(text.trimEnd(), locate)).toEqual({ time: BEGIN + 300.25, jail: 'ssh', kind, id, country: 'DE', asn: 64496 });
  });

  it('is nothing when it tells of no address', () => {
    expect(readEvent(line(0, 'server', 'INFO', 'Starting Fail2ban v1.0.2').trimEnd(), locate)).toBeNull();
    expect(readEvent(line(0, 'jail', 'INFO', "Jail 'ssh' started").trimEnd(), locate)).toBeNull();
    expect(readEvent('Ban 192.0.2.1', locate)).toBeNull();
  });

  it('gives an id of bounded length that is whole text', () => {
    expect(readEvent(banned(0, 'x'.repeat(5000)).trimEnd(), locate)?.id).toHaveLength(255);
    expect(readEvent(banned(0, `${'x'.repeat(254)}😀`).trimEnd(), locate)?.id).toBe('x'.repeat(254));
    expect(readEvent(banned(0, 'a\0b').trimEnd(), locate)?.id).toBe('a\ufffdb');
  });
});

describe('many lines', () => {
  it('become events in their order, and others have their turn meanwhile', async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => (at % 10 === 0 ? 'nothing' : found(at / 10, `192.0.2.${at % 250}`).trimEnd()));
    let turns = 0;
    let reading = true;
    const other = (): void => {
      turns++;
      if (reading) setImmediate(other);
    };
    setImmediate(other);
    const events = await readEvents(lines, locate);
    reading = false;
    expect(events).toEqual(lines.flatMap((text) => readEvent(text, locate) ?? []));
    expect(events).toHaveLength(900);
    expect(turns).toBeGreaterThan(10);
  });
});
