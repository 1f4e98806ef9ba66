/** What a command line may not say when the panel's user has it carried out as root (`bailiff-ctl cli`): what names files and folders of its own choice. */
import { AppError } from '../../base/errors';
import type { NamedFiles } from './files';
import type { Given } from './verb';

/** Set by `bailiff-ctl` for what comes through it. */
const VARIABLE = 'BAILIFF_FROM';
const PLACES = ['conf', 'socket', 'pidfile', 'home', 'log', 'db', 'daemon', 'dry-run', 'enforce'];
const SWITCHES = ['dry-run', 'enforce'];

export function isFromPanel(env: NodeJS.ProcessEnv): boolean {
  return env[VARIABLE] === 'panel';
}

/** @throws AppError BAD_ARGUMENT for a verb that prepares or starts things */
export function refuseStanding(word: string): never {
  throw new AppError('BAD_ARGUMENT', `'${word}' is for a shell of root, not for the panel`);
}

/** @throws AppError BAD_ARGUMENT for an option that names a place */
export function refusePlaces(options: Given): void {
  const place = PLACES.find((name) => options.has(name));
  if (place !== undefined) throw new AppError('BAD_ARGUMENT', `--${place} is for a shell of root, not for the panel`);
}

/** The options that name places, as words for another command line over the same server. */
export function placeWords(options: Given): readonly string[] {
  return PLACES.flatMap((name) => {
    const value = options.text(name);
    return options.has(name) ? [`--${name}`, ...(value === null || SWITCHES.includes(name) ? [] : [value])] : [];
  });
}

/** Files of the server are neither read nor written for the panel's user: only standard input and output. Others are refused with an AppError (BAD_ARGUMENT). */
export function onlyStandard({ read }: NamedFiles): NamedFiles {
  const refused = (file: string, instead: string): AppError =>
    new AppError('BAD_ARGUMENT', `'${file}' is not for the panel: ${instead}, with - in its place`);
  return {
    async read(file) {
      if (file !== '-') throw refused(file, 'give it on standard input');
      return read(file);
    },
    write(file) {
      throw refused(file, 'take it from standard output');
    },
  };
}
