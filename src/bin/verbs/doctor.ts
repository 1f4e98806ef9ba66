/** `doctor`: all that is not well with server, configuration, logs, disks and our own data, the worst first. */
import { AppError, messageOf } from '../../base/errors';
import { formatProblem, type Problem } from '../../model/problem';
import { overview } from '../../panel/web/messages/overview';
import { noWords } from './items';
import { count, formatTable, moment } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

export interface Finding {
  readonly state: 'error' | 'warning' | 'ok';
  /** What was looked at. */
  readonly about: string;
  readonly text: string;
}

const WORST_FIRST = ['error', 'warning', 'ok'];

/** What a look found; an error of the world is a finding too. */
async function look(about: string, task: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ state: 'error', about, text: messageOf(error) }];
  }
}

const problemFinding =
  (about: string) =>
  (problem: Problem): Finding => ({ state: problem.severity, about, text: formatProblem(problem) });

async function lookAtServer({ daemon, control, place }: CliWorld): Promise<readonly Finding[]> {
  const about = 'server';
  const state = await daemon.state();
  if (!state.running) {
    const start = state.canStart ? ': `bailiff enable` starts it' : ', and no engine is installed here';
    return [{ state: 'error', about, text: `no server answers on ${place.socket}${start}` }];
  }
  if (state.engine === null) return [{ state: 'error', about, text: `the server on ${place.socket} does not answer` }];
  const since = state.since === null ? '' : `, since ${moment(state.since)}`;
  const jails = await control.jails();
  return [{ state: 'ok', about, text: `${state.engine} ${state.version ?? ''}${since}; ${count(jails.length, 'jail runs', 'jails run')}` }];
}

async function lookAtFiles({ configuration, control, place }: CliWorld): Promise<readonly Finding[]> {
  const about = 'configuration';
  const jails = await configuration.jails();
  const enabled = jails.filter((jail) => jail.enabled);
  const problems = enabled.flatMap((jail) => jail.problems);
  const running = await control.jails().catch(() => null);
  const idle = running === null ? [] : enabled.filter(({ name }) => !running.includes(name));
  return [
    { state: 'ok', about, text: `${place.confdir}: ${count(enabled.length, 'jail is', 'jails are')} switched on, of ${jails.length}` },
    ...problems.map(problemFinding(about)),
    ...idle.map(({ name }): Finding => ({ state: 'error', about, text: `the jail ${name} is switched on and does not run` })),
    ...jails
      .filter(({ observing, enabled: on }) => observing && on)
      .map(({ name }): Finding => ({ state: 'warning', about, text: `the jail ${name} only observes: it bans nobody` })),
  ];
}

async function lookAtHealth({ health }: CliWorld): Promise<readonly Finding[]> {
  return (await health()).map(({ severity, kind, jail, detail, since }): Finding => {
    const what = overview.en[`health.${kind}`];
    return {
      state: severity,
      about: jail === null ? 'machine' : `jail ${jail}`,
      text: `${what}: ${detail}${since === null ? '' : ` (${moment(since)})`}`,
    };
  });
}

async function lookAtProblems({ control, configuration }: CliWorld): Promise<readonly Finding[]> {
  const known = new Set((await configuration.jails().catch(() => [])).flatMap((jail) => jail.problems).map(formatProblem));
  const problems = await control.problems().catch(() => []);
  return problems.filter((problem) => !known.has(formatProblem(problem))).map(problemFinding('server'));
}

async function lookAtBooks({ books, place, clock }: CliWorld): Promise<readonly Finding[]> {
  const about = 'history';
  const { events, newest } = await (await books()).history.extent();
  if (events === 0) return [{ state: 'warning', about, text: 'it is empty: bailiff-web fills it from the log while it runs' }];
  const old = newest !== null && newest < clock.now() - 86400;
  const text = `${count(events, 'event', 'events')} in ${place.historyDatabase}, the last of ${moment(newest)}`;
  return [{ state: old ? 'warning' : 'ok', about, text: old ? `${text}: does bailiff-web run?` : text }];
}

async function doctor({ words }: Call, world: CliWorld): Promise<Answer> {
  noWords('doctor', words);
  const looks = [
    look('server', () => lookAtServer(world)),
    look('configuration', () => lookAtFiles(world)),
    look('server', () => lookAtProblems(world)),
    look('machine', () => lookAtHealth(world)),
    look('history', () => lookAtBooks(world)),
  ];
  const found = (await world.progress.during('looking at everything', () => Promise.all(looks))).flat();
  const findings = found.toSorted((one, other) => WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state));
  const errors = findings.filter(({ state }) => state === 'error').length;
  return {
    text: formatTable(findings.map(({ state, about, text }) => [state, about, text])),
    json: { errors, findings },
    failures: errors === 0 ? [] : [`${count(errors, 'thing is', 'things are')} not well`],
  };
}

export const doctorVerbs: readonly Verb[] = [
  {
    name: 'doctor',
    operands: '',
    summary: 'all that is not well, the worst first; ends with 1 when something is',
    options: [],
    run: doctor,
  },
];
