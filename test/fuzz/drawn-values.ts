/** Draws the values that attackers and broken programs put into log lines: names, addresses, ports, dates. */
import type { Random } from './random';

const NAMES = [
  'root',
  'admin',
  '',
  ' ',
  'jörg',
  'Ольга',
  '日本語',
  '😀',
  'é̂',
  'a b c',
  'x  y',
  "o'hara",
  '"quoted"',
  '`id`',
  '$(id)',
  '[1234]',
  '(x)',
  '<HOST>',
  '<user>',
  '{}',
  'a\\b',
  '%s%n',
  'name@example.com',
  'DOMAIN\\user',
  'from 1.2.3.4',
  'root from 1.2.3.4 port 22 ssh2',
  ' from 1.2.3.4',
  "x' from 1.2.3.4",
  'user=x rhost=1.2.3.4',
  'rhost=::1',
  '[1.2.3.4]',
  '(1.2.3.4)',
  'client: 1.2.3.4,',
  'a, client: 1.2.3.4, server: b',
  'null',
  '__proto__',
  'constructor',
  '-',
  '0',
  'İı',
  'ſK',
  '\u00a0x\u2003y',
  '\u2028x',
  '\u0085',
] as const;

const BAD_OCTETS = [
  '256.1.1.1',
  '999.999.999.999',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '192.000.002.001',
  '1.2.3.4x',
  '0x7f.0.0.1',
  '1.2.3.',
  '١.٢.٣.٤',
] as const;
const V6 = [
  '::',
  '::1',
  '2001:db8::1',
  '2001:DB8:0:0:0:0:0:1',
  '2001:0db8:0000:0000:0000:0000:0000:0001',
  'fe80::1%eth0',
  '::ffff:192.0.2.1',
  '::ffff:c000:201',
  '::FFFF:192.0.2.1',
  '::ffff:256.0.2.1',
  '64:ff9b::192.0.2.1',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '2001:db8::1::2',
  '12345::1',
  ':::',
  '2001:db8::/32',
  '[2001:db8::2]',
  '[::1]:22',
] as const;
const HOSTS = [
  'example.com',
  'host.example.com.',
  'localhost',
  'a_b-c.example',
  'xn--bcher-kva.example',
  'bücher.example',
  '1.2.3.4.example.com',
  '-',
  'unknown',
] as const;

/** A user name, up to 4 KB long. */
export function drawName(random: Random, tails: readonly string[]): string {
  const kind = random.below(20);
  if (kind === 0)
    return random
      .pick(['a', 'ab ', 'é', '"', '[', '\\', ': ', '1.2.3.4 '])
      .repeat(1 + random.below(kind === 0 && random.chance(0.1) ? 1000 : 60));
  if (kind < 5) return random.pick(tails);
  if (kind === 5) return `${random.pick(NAMES)} ${random.pick(tails)}`;
  if (kind === 6) return `${random.pick(NAMES)}${drawControl(random)}${random.pick(NAMES)}`;
  if (kind === 7) return String.fromCodePoint(...Array.from({ length: 1 + random.below(8) }, () => drawCodePoint(random)));
  return random.pick(NAMES);
}

function drawCodePoint(random: Random): number {
  const point = random.pick([0x80, 0x100, 0x800, 0x3000, 0xd000, 0x20000]);
  return Math.max(0x21, random.below(point));
}

/** A sign that does not belong into a log. */
export function drawControl(random: Random): string {
  return random.pick([
    '\0',
    '\x01',
    '\t',
    '\v',
    '\f',
    '\r',
    '\x1b[31m',
    '\x1c',
    '\x1f',
    '\x7f',
    '\x85',
    '\xa0',
    '\xad',
    '\u200b',
    '\u2028',
    '\ufeff',
    '\ufffd',
    'é',
    '😀',
  ]);
}

/** An address, or what looks like one. */
export function drawAddress(random: Random): string {
  const v4 = (): string => Array.from({ length: 4 }, () => random.below(256)).join('.');
  switch (random.below(10)) {
    case 0:
      return random.pick(BAD_OCTETS);
    case 1:
      return `${v4()}/${random.below(40)}`;
    case 2:
      return random.pick(HOSTS);
    case 3:
    case 4:
      return random.pick(V6);
    case 5:
      return Array.from({ length: 8 }, () => random.below(0x10000).toString(16)).join(':');
    case 6:
      return `${random.pick(['::ffff:', '[', '::FFFF:', '::'])}${v4()}${random.pick(['', ']', ':22'])}`;
    default:
      return v4();
  }
}

export function drawPort(random: Random): string {
  return random.pick(['0', '22', '65535', '65536', '-1', '', 'ssh', '022', '4294967296', '٢٢', '22 22', '1'.repeat(40)]);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const ZONES = ['Z', '+0100', '+01:00', '-0530', ' +0000', ' CET', ' GMT', ' XYZ', '+1', '', ' UTC', '-00:00', '+2500'] as const;

interface Clock {
  readonly Y: string;
  readonly y: string;
  readonly m: string;
  readonly d: string;
  readonly e: string;
  readonly b: string;
  readonly a: string;
  readonly t: string;
}

function drawClock(random: Random, now: number): Clock {
  const two = (value: number): string => String(value).padStart(2, '0');
  const near = random.chance(0.3);
  const at = new Date((near ? now + random.below(240) - 120 : now - random.below(86400 * 700)) * 1000);
  const wild = !near && random.chance(0.2);
  const year = wild ? random.pick([0, 1, 70, 1969, 1970, 1999, 2004, 2020, 2024, 2027, 2038, 9999]) : at.getFullYear();
  const day = wild ? random.below(34) : at.getDate();
  const month = wild && random.chance(0.2) ? random.pick([0, 13]) : at.getMonth() + 1;
  const clock = wild ? [random.below(26), random.below(62), random.below(63)] : [at.getHours(), at.getMinutes(), at.getSeconds()];
  return {
    Y: String(year).padStart(4, '0'),
    y: two(year % 100),
    m: two(month),
    d: two(day),
    e: random.chance(0.5) ? two(day) : String(day).padStart(2),
    b: MONTHS[month - 1] ?? random.pick(['Mai', 'jan', 'JUL', 'September']),
    a: random.pick(DAYS),
    t: clock.map(two).join(':') + (random.chance(0.2) ? random.pick(['.5', ',123', '.123456', '.']) : ''),
  };
}

/** A date in one of the formats that programs write, possible or not. */
export function drawDate(random: Random, now: number): string {
  const { Y, y, m, d, e, b, a, t } = drawClock(random, now);
  const zone = random.pick(ZONES);
  const formats = [
    `${b} ${e} ${t}`,
    `${a} ${b} ${e} ${t} ${Y}`,
    `${a} ${b} ${e} ${t}`,
    `${Y}-${m}-${d}T${t}${zone}`,
    `${Y}-${m}-${d} ${t}${zone}`,
    `${Y}/${m}/${d} ${t}`,
    `${Y}.${m}.${d}-${t}`,
    `${d}/${b}/${Y}:${t}${zone}`,
    `${d}/${m}/${Y}:${t}`,
    `${m}/${d}/${Y}:${t}`,
    `${m}/${d}/${y} ${t}`,
    `${d}-${b}-${Y} ${t}`,
    `${d}-${m}-${Y} ${t}`,
    `${b} ${d} ${Y} ${t}`,
    `${Y}${m}${d}T${t.replace(/:/g, '')}`,
    `${Y}${m}${d} ${t}`,
    `${y}${m}${d} ${t}`,
    `<${m}/${d}/${y}@${t}>`,
    `[${d}/${b}/${Y}:${t}${zone}]`,
    `${b}-${d}-${y} ${t}`,
    `${d} ${b} ${Y} ${t}`,
    `${t}`,
    `${b} ${d}, ${Y} ${t} AM`,
    `@4000000043${(random.below(0xffffff) + 0x1000000).toString(16)}${'0'.repeat(7)}`,
    String(now - random.below(1e8)),
    `${now - random.below(1e8)}.${random.below(1000)}`,
    String(now * 1000),
  ];
  return random.pick(formats);
}
