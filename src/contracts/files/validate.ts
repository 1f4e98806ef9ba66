/** A configuration that was read into everything that is wrong or doubtful in it: what reading found, and what only a closer look finds. */
import { DurationError, parseDuration } from '../../base/duration';
import { LEVELS } from '../../base/logger';
import type { Problem } from '../../model/problem';
import type { Configuration } from './configuration';
import { placeFields, type Place } from './jail-error';
import type { JailReading } from './jails';
import { isBoolWord } from './option-value';
import type { ServerOptions } from './server-options';
import { checkNames } from './validate-names';
import { checkRegexes } from './validate-regexes';
import { checkValues } from './validate-values';

/** Adds a Problem about an option of a jail; it stands `at` a place, or at the line of the option that is `text`. */
export type Report = (
  severity: Problem['severity'],
  option: string,
  message: string,
  place?: { column?: number; text?: string; at?: Place },
) => void;

/** All Problems of a configuration, those found on reading first. */
export function checkConfiguration(config: Configuration): Problem[] {
  const problems: Problem[] = [...config.problems, ...checkServer(config.server)];
  for (const reading of config.readings) {
    const report = reporter(reading, problems);
    checkValues(reading, report);
    if (!config.broken.includes(reading.name)) checkRegexes(reading, report);
  }
  problems.push(...checkNames(config));
  return problems;
}

/** A Report that finds the place of each Problem in the files of a jail. */
export function reporter(reading: JailReading, problems: Problem[]): Report {
  return (severity, option, message, { column, text, at } = {}) => {
    const place = { ...placeFields(at ?? reading.origin(option, text)), ...(column === undefined ? {} : { column }) };
    problems.push({ severity, jail: reading.name, option, message, ...place });
  };
}

function checkServer(server: ServerOptions): Problem[] {
  const problems: Problem[] = [];
  const error = (option: string, message: string): void => void problems.push({ severity: 'error', option, message });
  if (!/^\d+$/.test(server.loglevel) && !Object.hasOwn(LEVELS, server.loglevel.toUpperCase())) {
    error('loglevel', `'${server.loglevel}' is no level; use one of ${Object.keys(LEVELS).join(', ')}`);
  }
  if (server.allowipv6.toLowerCase() !== 'auto' && !isBoolWord(server.allowipv6)) {
    error('allowipv6', `'${server.allowipv6}' must be auto, yes or no`);
  }
  try {
    parseDuration(server.dbpurgeage);
  } catch (reason) {
    if (!(reason instanceof DurationError)) throw reason;
    error('dbpurgeage', reason.message);
  }
  return problems;
}
