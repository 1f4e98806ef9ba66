/** Plays scenarios on both servers at the same time, and tells where they differ: log, answers, actions, database. */
import { setTimeout as wait } from 'node:timers/promises';
import { jailFile, readStep, type Scenario } from './scenario';
import { ServerSide } from './server-side';

export interface Difference {
  readonly scenario: string;
  readonly what: string;
  readonly stock: string;
  readonly ours: string;
}

/** What is told of one id of a jail, kind by kind; dates are masked. */
const TOLD =
  /fail2ban\.(filter|actions|observer)\s+\[\d+\]: \w+\s+\[(\S+)\] (?=Found (?!a match)|Attempt|Ban|Unban|Restore|Reban|Increase|Ignore|Flush|IP|.* already banned)(.*)$/;
const DATES = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g;

function neutral(text: string, side: ServerSide): string {
  return text.replaceAll(side.folder, 'FOLDER').replace(DATES, 'DATE');
}

/** By jail and id: what the log tells, in order; what the observer tells is a sequence of its own, as it comes from another thread. */
function told(side: ServerSide, jails: ReadonlySet<string>): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of side.read('fail2ban.log').split('\n')) {
    const [, logger, jail = '', message = ''] = TOLD.exec(line) ?? [];
    if (logger === undefined || !jails.has(jail)) continue;
    const id = /[\da-f]*[.:][\da-f.:/]+/.exec(message.replace(DATES, ''))?.[0].replace(/:$/, '') ?? '';
    const key = `log ${jail} ${id}${logger === 'observer' ? ' (observer)' : ''}`;
    lines.set(key, `${lines.get(key) ?? ''}${neutral(message, side)}\n`);
  }
  return lines;
}

function acts(side: ServerSide, jails: ReadonlySet<string>): Map<string, string> {
  return new Map([...jails].map((jail) => [`acts ${jail}`, side.read(`${jail}.acts`).split('\n').sort().join('\n')]));
}

/** Rows of the jails; times that are near to each other become the same. */
function rows(all: readonly string[], jails: ReadonlySet<string>): string[] {
  return all
    .filter((row) => jails.has((JSON.parse(row) as string[])[0] ?? ''))
    .filter((row) => !/"logs", "(?:fail2ban\.log"|.*, 0\])/.test(row))
    .map((row) =>
      row
        .replace(DATES, 'DATE')
        .replace(/DATE,\d{3}/g, 'DATE')
        .replace(/\[\d+\]: NOTICE/g, '[PID]: NOTICE'),
    )
    .map((row) => row.replace(/"users": \["(\w+)"\]/g, `"users": "['$1']"`));
}

type Row = readonly unknown[];

function sameRow(one: string | undefined, two: string | undefined): boolean {
  if (one === undefined || two === undefined) return false;
  const [a, b] = [JSON.parse(one) as Row, JSON.parse(two) as Row];
  const isBan = a[1] === 'bans' || a[1] === 'bips';
  const near = !isBan || Math.abs(Number(a[3]) - Number(b[3])) <= 3;
  return near && JSON.stringify(isBan ? a.toSpliced(3, 1) : a) === JSON.stringify(isBan ? b.toSpliced(3, 1) : b);
}

/** Plays them all on one pair of servers, with `pauses`: seconds at which both are stopped and started again. */
export async function play(scenarios: readonly Scenario[], pauses: readonly number[] = []): Promise<readonly Difference[]> {
  const jails = scenarios.flatMap((scenario) => Object.entries(scenario.jails));
  const files: Record<string, string> = Object.assign({}, ...scenarios.map(({ files: own }) => own ?? {}));
  for (const [name, options] of jails) files[`jail.d/${name}.conf`] = jailFile(name, options);
  const sides = [new ServerSide('stock', files), new ServerSide('ours', files)] as const;
  try {
    for (const side of sides) for (const name of ['fail2ban', ...jails.map(([jail]) => jail)]) side.write(`${name}.log`, '');
    const enabled = jails.filter(([, options]) => !options.includes('enabled = false')).length;
    await Promise.all(sides.map((side) => side.start(enabled)));
    const start = Date.now() / 1000;
    const differences = await playSteps(scenarios, sides, pauses, enabled, start);
    await Promise.all(sides.map((side) => side.stop()));
    const [stock, ours] = [sides[0].rows(start), sides[1].rows(start)];
    for (const scenario of scenarios) differences.push(...compare(scenario, sides, stock, ours));
    return differences;
  } finally {
    await Promise.all(sides.map((side) => side.remove()));
  }
}

async function playSteps(
  scenarios: readonly Scenario[],
  sides: readonly [ServerSide, ServerSide],
  pauses: readonly number[],
  enabled: number,
  start: number,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const steps = scenarios.flatMap((scenario) => scenario.steps.map((text) => ({ scenario, text, step: readStep(text) })));
  const moments = [...steps, ...pauses.map((at) => ({ scenario: null, text: 'restart', step: { at } }))];
  for (const moment of moments.toSorted((a, b) => a.step.at - b.step.at)) {
    await wait(Math.max(0, (start + moment.step.at) * 1000 - Date.now()));
    if (moment.scenario === null) {
      for (const work of ['stop', 'start'] as const) await Promise.all(sides.map((side) => side[work](enabled)));
      continue;
    }
    const now = Date.now() / 1000;
    const step = readStep(moment.text);
    const [stock, ours] = await Promise.all([sides[0].play(step, now), sides[1].play(step, now)]);
    const texts = [neutral(stock, sides[0]), neutral(ours, sides[1])] as const;
    if (texts[0] !== texts[1]) differences.push({ scenario: moment.scenario.name, what: moment.text, stock: texts[0], ours: texts[1] });
  }
  return differences;
}

function compare(
  scenario: Scenario,
  sides: readonly [ServerSide, ServerSide],
  stockRows: readonly string[],
  ourRows: readonly string[],
): Difference[] {
  const jails = new Set(Object.keys(scenario.jails));
  const differences: Difference[] = [];
  for (const view of [told, acts]) {
    const [stock, ours] = [view(sides[0], jails), view(sides[1], jails)];
    for (const what of new Set([...stock.keys(), ...ours.keys()])) {
      const [one, two] = [stock.get(what) ?? '', ours.get(what) ?? ''];
      if (one !== two) differences.push({ scenario: scenario.name, what, stock: one, ours: two });
    }
  }
  const [stock, ours] = [rows(stockRows, jails), rows(ourRows, jails)];
  const other = (list: readonly string[], from: readonly string[]): string =>
    from.filter((row, index) => !sameRow(row, list[index])).join('\n');
  if (stock.length !== ours.length || stock.some((row, index) => !sameRow(row, ours[index]))) {
    differences.push({ scenario: scenario.name, what: 'database', stock: other(ours, stock), ours: other(stock, ours) });
  }
  return differences;
}
