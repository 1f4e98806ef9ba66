import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { drawChart, roundTop } from '../../../src/panel/web/chart';
import { formatAgo, formatDuration } from '../../../src/panel/web/format';
import { isMessageKey, messagesFor, translate, type MessageKey, type MessageParams } from '../../../src/panel/web/messages';
import { networkOf, RateLimit } from '../../../src/panel/web/rate-limit';
import { createRenderer } from '../../../src/panel/web/render';
import { cookieValue, Sessions } from '../../../src/panel/web/session';

const say = (key: MessageKey, params?: MessageParams): string => translate(messagesFor('en'), 'en', key, params);

describe('durations', () => {
  it.each([
    [-5, '0 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [86400, '1 d'],
    [604799, '6 d 23 h'],
    [86400 * 1234, '1,234 d'],
  ])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds, say)).toBe(text));

  it('of the past say so', () => {
    expect([formatAgo(0.4, say), formatAgo(61, say)]).toEqual(['now', '1 min ago']);
  });
});

describe('texts', () => {
  it('put in what they are given, as text, once', () => {
    expect(say('bans.unbanned', { id: '{jail}', jail: 'ssh' })).toBe('{jail} is no longer banned in ssh.');
    expect(say('bans.count', { count: 12345 })).toBe('12,345 bans in force');
  });

  it('are English where a language is not known', () => expect(messagesFor('tlh-QO')).toBe(messagesFor('en')));
});

describe('the chart', () => {
  it.each([
    [0, 4],
    [4, 4],
    [5, 6],
    [11, 20],
    [57, 60],
    [101, 200],
    [1001, 2000],
  ])('a peak of %d has its upper edge at %d', (peak, top) => expect(roundTop(peak)).toBe(top));

  it('keeps every bar inside, and every count visible', () => {
    const counts = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 48 });
    fc.assert(
      fc.property(counts, (values) => {
        const chart = drawChart(values.map((count, index) => ({ hour: index * 3600, count })));
        for (const bar of chart.bars) {
          expect(bar.height > 0).toBe(bar.count > 0);
          expect(bar.y).toBeGreaterThanOrEqual(0);
          expect(bar.x + chart.barWidth).toBeLessThanOrEqual(chart.width);
        }
        expect(chart.total).toBe(values.reduce((sum, count) => sum + count, 0));
      }),
    );
  });
});

describe('templates', () => {
  it('that put something out unescaped are refused', () => {
    for (const text of ['{{{html}}}', '{{&html}}', '{{~&html}}']) {
      expect(() => createRenderer([{ name: 'pages/x', text }])).toThrow('unescaped');
    }
  });

  it('that name an unknown text or format something that is no number fail', () => {
    const render = (text: string): string => createRenderer([{ name: 'x', text }])('x', { value: 'abc' }, 'en');
    expect(() => render('{{t "no.such"}}')).toThrow('unknown text');
    expect(() => render('{{number value}}')).toThrow('not a number');
  });

  it('are compiled when they are prepared, and put out the same then', () => {
    expect(() => createRenderer([{ name: 'x', text: '{{#if}' }]).prepare('x')).toThrow('Parse error');
    const views = [
      { name: 'partials/item', text: '<b>{{value}}</b>' },
      { name: 'x', text: '{{#each list}}{{> partials/item value=this}}{{/each}}{{t "list.all"}}' },
    ];
    const [before, prepared] = [createRenderer(views), createRenderer(views)];
    expect(prepared.templates).toEqual(['partials/item', 'x']);
    for (const name of prepared.templates) prepared.prepare(name);
    for (const list of [['<i>', 2], []]) expect(prepared('x', { list }, 'de')).toBe(before('x', { list }, 'de'));
    expect(prepared('x', { list: [1] }, 'en')).toBe('<b>1</b>all');
  });
});

describe('the rate limit', () => {
  it('counts IPv6 clients by their /64', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
    expect(networkOf('192.0.2.1')).not.toBe(networkOf('192.0.2.2'));
  });

  it('never keeps more than ten thousand clients, and forgets the oldest first', () => {
    const limit = new RateLimit();
    for (let attempt = 0; attempt < 10; attempt++) limit.failed('192.0.2.1', 0);
    expect(limit.wait('192.0.2.1', 100)).toBe(200);
    for (let client = 0; client < 10_000; client++) limit.failed(`10.0.${client >> 8}.${client & 255}`, 1);
    expect(limit.wait('192.0.2.1', 100)).toBe(0);
  });
});

describe('sessions', () => {
  it('make room when there are too many: the one idle longest ends', () => {
    const sessions = new Sessions();
    const tokens = Array.from({ length: 200 }, (_, index) => sessions.begin('admin', index));
    sessions.find(tokens[0]!, 300, true);
    sessions.begin('admin', 301);
    expect(sessions.find(tokens[0]!, 302, false)).not.toBeNull();
    expect(sessions.find(tokens[1]!, 302, false)).toBeNull();
  });

  it('are found by the cookie of their name alone', () => {
    expect(cookieValue('a=1; bailiff_session=x=y ;b', 'bailiff_session')).toBe('x=y');
    expect(cookieValue('xbailiff_session=1', 'bailiff_session')).toBeNull();
    expect(cookieValue(undefined, 'bailiff_session')).toBeNull();
  });
});

describe('the catalogue', () => {
  const root = path.resolve(__dirname, '../../..');
  const textIn = (folder: string, but: string): string =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|hbs)$/.test(file) && file !== but)
      .map((file) => readFileSync(path.join(root, folder, file), 'utf8'))
      .join('\n');
  const templates = textIn('views', '');
  const text = templates + textIn('src/panel/web', 'messages.ts');

  it('has every text that a template names, and none that nobody says', () => {
    const named = [...templates.matchAll(/\bt "([\w.-]+)"/g)].map((match) => match[1]!);
    expect(named.filter((key) => !isMessageKey(key))).toEqual([]);
    // Keys that are put together: `event.` + kind, `engine.` + name, reason + `Hint`.
    const isSaid = (key: string): boolean =>
      text.includes(`'${key}'`) ||
      text.includes(`"${key}"`) ||
      text.includes(`"${key.replace(/[^.]+$/, '')}"`) ||
      /^error\.\d+Hint$/.test(key);
    expect(Object.keys(messagesFor('en')).filter((key) => !isSaid(key))).toEqual([]);
  });
});
