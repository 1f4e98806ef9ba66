/** `-d`, `--dp` and `-t`: the configuration as a stream, and what is wrong with it. */
import { formatCommands, readConfiguration, type Configuration } from '../../contracts/files/configuration';
import { checkConfiguration } from '../../contracts/files/validate';
import { pythonRepr } from '../../model/python-repr';
import { formatProblem, type Problem } from '../../model/problem';
import type { CommandLine } from '../command-line';

/** The configuration of `-c`, with what the command line says put over it. */
export function configurationOf(line: CommandLine): Configuration {
  const given = Object.entries({
    socket: line.socket,
    pidfile: line.pidfile,
    loglevel: line.loglevel,
    logtarget: line.logtarget,
    syslogsocket: line.syslogsocket,
  }).filter(([, value]) => value !== null);
  return readConfiguration(line.conf, { overrides: Object.fromEntries(given) });
}

function tell(problems: readonly Problem[]): void {
  for (const problem of problems) process.stderr.write(`${problem.severity.toUpperCase().padEnd(7)} ${formatProblem(problem)}\n`);
}

/** Prints the stream; 255 when the configuration as a whole is wrong. */
export function dumpFiles(line: CommandLine): number {
  const configuration = configurationOf(line);
  tell(configuration.problems);
  const text = line.dumpPretty
    ? configuration.commands.map((command) => `${pythonRepr(command)}\n`).join('')
    : formatCommands(configuration.commands);
  process.stdout.write(text);
  return configuration.problems.some(({ severity, jail }) => severity === 'error' && jail === undefined) ? 255 : 0;
}

/** Checks everything, prints every Problem; 255 when one is an error. */
export function checkFiles(line: CommandLine): number {
  const configuration = configurationOf(line);
  const problems = checkConfiguration(configuration);
  tell(problems);
  if (problems.some(({ severity }) => severity === 'error')) {
    process.stdout.write('ERROR: test configuration failed\n');
    return 255;
  }
  process.stdout.write('OK: configuration test is successful\n');
  return 0;
}
