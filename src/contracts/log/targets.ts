/** Where the log goes: a file that survives rotation, standard output, syslog or the journal, each with its own layout. */
import { AppendFile } from '../../base/append-file';
import type { Clock } from '../../base/clock';
import { AppError } from '../../base/errors';
import type { LogRecord } from '../../base/logger';
import type { ProcessRunner } from '../../base/process';
import { formatRecord } from './layout';
import { createPipe } from './pipe';
import { journalLine, syslogLine } from './syslog';
import { parseTarget } from './target-options';

export interface LogTarget {
  /** What `get logtarget` answers. */
  readonly name: string;
  write(record: LogRecord): void;
  /** `flushlogs`: a file is written out and opened anew (`rolled over`), the others are written out (`flushed`). */
  flush(): 'rolled over' | 'flushed';
  /** Writes out what waits; nothing more may be written. */
  close(): Promise<void>;
}

/** What targets need of the world. */
export interface LogWorld {
  readonly clock: Clock;
  readonly pid: number;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Runs `logger` and `systemd-cat`: Node has no datagram sockets of the UNIX family. */
  readonly runner: ProcessRunner;
  /** `syslogsocket`; `auto` is the system's. */
  readonly syslogSocket?: string;
  /** Told when a target cannot be written: once, until it works again. */
  readonly onError?: (message: string) => void;
}

/** Opens the target that a `logtarget` names. One that cannot be opened, or not be understood, is an AppError BAD_ARGUMENT. */
export function openLogTarget(text: string, world: LogWorld): LogTarget {
  const options = parseTarget(text);
  const line = (record: LogRecord): string => formatRecord(record, world.clock.now(), world.pid, options);
  const onError = world.onError ?? ((): void => undefined);
  switch (options.kind) {
    case 'STDOUT':
    case 'SYSOUT':
      return streamTarget(options.name, world.stdout, line);
    case 'STDERR':
      return streamTarget(options.name, world.stderr, line);
    case 'FILE':
      return fileTarget(options.name, line, onError);
    case 'SYSLOG': {
      const socket = world.syslogSocket === undefined || world.syslogSocket === 'auto' ? [] : ['--socket', world.syslogSocket];
      const args = ['--prio-prefix', `--id=${world.pid}`, ...socket, '--tag'];
      const pipe = createPipe(world, (tag) => ({ command: 'logger', args: [...args, tag] }), onError);
      return pipeTarget(options.name, pipe, (record) => pipe.write(record.name, syslogLine(record, options)));
    }
    case 'SYSTEMD-JOURNAL': {
      const pipe = createPipe(world, (tag) => ({ command: 'systemd-cat', args: ['--identifier', tag] }), onError);
      return pipeTarget(options.name, pipe, (record) => pipe.write('fail2ban', journalLine(record, options.format, world)));
    }
  }
}

function streamTarget(name: string, write: (text: string) => void, line: (record: LogRecord) => string): LogTarget {
  return { name, write: (record) => write(`${line(record)}\n`), flush: () => 'flushed', close: () => Promise.resolve() };
}

function fileTarget(path: string, line: (record: LogRecord) => string, onError: (message: string) => void): LogTarget {
  let problem = '';
  const file = new AppendFile({
    path,
    onError: (message) => {
      problem = message;
      onError(message);
    },
  });
  if (!file.flush()) throw new AppError('BAD_ARGUMENT', problem);
  return {
    name: path,
    write: (record) => file.append(`${line(record)}\n`),
    flush: () => (file.reopen() ? 'rolled over' : 'flushed'),
    close: () => {
      file.close();
      return Promise.resolve();
    },
  };
}

function pipeTarget(name: string, pipe: { close(): Promise<void> }, write: (record: LogRecord) => void): LogTarget {
  return { name, write, flush: () => 'flushed', close: () => pipe.close() };
}
