/** `status`, `enable`, `disable`, `info`, `update`: the server as a whole, and what holds for all jails. */
import { DurationError, parseDuration } from '../../base/duration';
import { formatProblem } from '../../model/problem';
import { allJails, countBroken } from '../../panel/control/all-jails';
import { setRunning, switchEngine } from '../../panel/web/acts/settings';
import { CONFIRM } from './confirm';
import { changed } from './edited';
import { noWords, quoted, secondsOf, wholeOf, wrong } from './items';
import { count, formatTable, moment } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

async function status({ words }: Call, { control }: CliWorld): Promise<Answer> {
  noWords('status', words);
  const [info, all] = await Promise.all([control.info(), allJails(control)]);
  const { jails, otherProblems } = all;
  const banned = jails.reduce((sum, jail) => sum + jail.currentlyBanned, 0);
  const told = [...jails.flatMap((jail) => jail.problems ?? []), ...otherProblems];
  const rows = [
    ['Engine', `${info.engine} ${info.version}`],
    ['Jails', countBroken(all) === 0 ? String(jails.length) : `${jails.length}, problems: ${countBroken(all)}`],
    ['Banned', String(banned)],
    ...told.map((problem) => [problem.severity, formatProblem(problem)]),
  ];
  return { text: formatTable(rows), json: { ...info, jails: jails.length, banned, problems: told } };
}

async function setDetection(name: 'enable' | 'disable', { words }: Call, world: CliWorld): Promise<Answer> {
  noWords(name, words);
  const on = name === 'enable';
  const rooms = await world.working();
  await world.progress.during(on ? 'starting the server' : 'stopping the server', () => setRunning(rooms, world.actor, on));
  const { engine } = await world.daemon.state();
  return { text: `IP address banning is ${on ? 'enabled' : 'disabled'}.\n`, json: { active: on, engine } };
}

async function engine({ words }: Call, world: CliWorld): Promise<Answer> {
  const [wanted, ...others] = words;
  noWords('engine', others);
  if (wanted === undefined) {
    const state = await world.daemon.state();
    const rows = [
      ['Engine', state.engine === null ? 'none runs' : `${state.engine} ${state.version ?? ''}`],
      ['Running since', moment(state.since, 'unknown')],
      ['Can be switched', state.canSwitch ? 'yes' : 'no: the other engine is not installed here'],
    ];
    return { text: formatTable(rows), json: state };
  }
  if (wanted !== 'bailiff' && wanted !== 'fail2ban') throw wrong(`the engine is 'bailiff' or 'fail2ban', not ${quoted(wanted)}`);
  const rooms = await world.working();
  const outcome = await world.progress.during(`handing the server over to ${wanted}`, () => switchEngine(rooms, world.actor, wanted));
  const { ok, message, bans } = outcome;
  if (!ok) return { text: '', json: outcome, failures: [message] };
  const remark = message === '' ? '' : `${message}\n`;
  return { text: `${wanted} runs, with ${count(bans, 'ban', 'bans')}.\n${remark}`, json: outcome };
}

/** Plesk's names for what holds for all jails, and fail2ban's. */
const SETTINGS = [
  { option: 'ban-period', field: 'ban_period', name: 'bantime', title: 'IP address ban period' },
  { option: 'ban-time-window', field: 'ban_time_window', name: 'findtime', title: 'Time interval for detection of subsequent attacks' },
  { option: 'max-retries', field: 'max_retries', name: 'maxretry', title: 'Number of failures before the IP address is banned' },
] as const;

/** A number where the value is one; else the value as it stands. */
function numberOf(value: string | null): number | string | null {
  if (value === null) return null;
  try {
    return parseDuration(value);
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    return value;
  }
}

async function info({ words }: Call, { configuration, daemon }: CliWorld): Promise<Answer> {
  noWords('info', words);
  const [state, defaults] = await Promise.all([daemon.state(), configuration.defaults()]);
  const values = SETTINGS.map(({ field, name, title }) => {
    const view = defaults.find((option) => option.name === name);
    return { field, title, value: numberOf(view?.value ?? view?.info.default ?? null) };
  });
  const active = state.running ? 'active' : 'inactive';
  const lines = [`Status: ${active}`, ...values.map(({ title, value }) => `${title}: ${value ?? 'not set'}`)];
  const server = state.engine === null ? [] : [`Server: ${state.engine} ${state.version ?? ''}`.trimEnd()];
  return {
    text: [...lines, ...server].map((line) => `${line}\n`).join(''),
    json: {
      active: state.running,
      engine: state.engine,
      version: state.version,
      ...Object.fromEntries(values.map(({ field, value }) => [field, value])),
    },
  };
}

async function update({ words, options }: Call, world: CliWorld): Promise<Answer> {
  noWords('update', words);
  const edits: Record<string, string> = {};
  const period = options.text('ban-period');
  const window = options.text('ban-time-window');
  const retries = options.text('max-retries');
  if (period !== null) edits['bantime'] = String(secondsOf('-ban_period', period, { forever: true }));
  if (window !== null) edits['findtime'] = String(secondsOf('-ban_time_window', window, { forever: false }));
  if (retries !== null) edits['maxretry'] = String(wholeOf('-max_retries', retries, 1, 1_000_000));
  if (Object.keys(edits).length === 0)
    throw wrong('give at least one of -ban_period SECONDS, -ban_time_window SECONDS, -max_retries NUMBER');
  return changed(
    world,
    [{ kind: 'defaults', options: edits }],
    { action: 'settings.edit', subject: 'settings' },
    'The settings are changed.',
    options,
  );
}

export const serverVerbs: readonly Verb[] = [
  { name: 'status', operands: '', summary: 'which engine runs, how much it holds, what is wrong', options: [], run: status },
  {
    name: 'enable',
    operands: '',
    summary: 'start intrusion detection',
    options: [],
    run: (call, world) => setDetection('enable', call, world),
  },
  {
    name: 'disable',
    operands: '',
    summary: 'stop it: bans stay in the database, and leave the firewall',
    options: [],
    run: (call, world) => setDetection('disable', call, world),
  },
  {
    name: 'engine',
    operands: '[bailiff|fail2ban]',
    summary: 'which engine runs; or hand the server over to the other one, with its bans',
    options: [],
    run: engine,
  },
  { name: 'info', letter: 'i', operands: '', summary: 'whether it is active, and what holds for all jails', options: [], run: info },
  {
    name: 'update',
    letter: 'u',
    operands: '',
    summary: 'change what holds for all jails',
    options: [
      { name: 'ban_period', value: 'SECONDS', meaning: 'how long an address is banned; -1 for ever' },
      { name: 'ban_time_window', value: 'SECONDS', meaning: 'in which time failures are counted' },
      { name: 'max_retries', value: 'NUMBER', meaning: 'failures until the ban' },
      CONFIRM,
    ],
    run: update,
  },
];
