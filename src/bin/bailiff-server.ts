#!/usr/bin/env node
/** `bailiff-server`: the engine, with the options of fail2ban-server. */
import { parseDuration } from '../base/duration';
import { messageOf } from '../base/errors';
import { FAIL2BAN_PARITY, BAILIFF_VERSION } from '../model/version';
import { CommandLineError, parseCommandLine, type CommandLine } from './command-line';
import { checkFiles, dumpFiles } from './server/files';
import { printPreview } from './server/preview';
import { printActionTrial } from './server/try-action';
import { runServer } from './server/run';
import { startInBackground } from './server/background';
import { runClientHere } from './client/world';

const USAGE = `Usage: bailiff-server [OPTIONS]

    -c, --conf <DIR>         configuration folder (default /etc/fail2ban)
    -s, --socket <FILE>      socket path
    -p, --pidfile <FILE>     pidfile path
    --pname <NAME>           name of the process
    --loglevel <LEVEL>       logging level
    --logtarget <TARGET>     logging target, a file or STDOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL
    --syslogsocket auto|<FILE>
    -d                       print the configuration as a stream of commands
    --dp, --dump-pretty      the same, laid out for people
    -t, --test               check the configuration
    -v                       increase verbosity
    -q                       decrease verbosity
    -x                       take the place of a server that left its socket
    -b                       start in background (default)
    -f                       start in foreground
    --async                  start in background, don't wait for readiness
    --timeout <SECONDS>      how long to wait for readiness (default 30)
    --str2sec <STRING>       print a time as seconds
    --dry-run                bans are only recorded and told
    --preview <JAIL>         tell whom a jail, enabled or not, would have banned; bans nobody, runs nothing
      --since <TIME>         how far back its logs are read (default 1d)
      --limit <TIME>         how long that may take (default 60)
      --dns                  look host names up
      --json                 print it as JSON
    --try-action <ACTION>    print what an action would execute; executes nothing
      --address <IP>         for this address (default 192.0.2.1); --json as above
    -h, --help               this help
    -V, --version            the version
`;

async function main(args: readonly string[]): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(args);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.stdout.write(USAGE);
    return 255;
  }
  if (line.help) process.stdout.write(USAGE);
  else if (line.version === 'short') process.stdout.write(`${FAIL2BAN_PARITY}\n`);
  else if (line.version === 'long') process.stdout.write(`Bailiff v${BAILIFF_VERSION}, a drop-in for Fail2Ban v${FAIL2BAN_PARITY}\n`);
  else if (line.str2sec !== null) process.stdout.write(`${parseDuration(line.str2sec)}\n`);
  else if (line.dump) return dumpFiles(line);
  else if (line.test) return checkFiles(line);
  else if (line.tryAction !== null) return await printActionTrial(line, line.tryAction);
  else if (line.preview !== null) return await printPreview(line, line.preview);
  else if (line.command.length > 0 && line.command[0] !== 'start') return await runClientHere(args, process.argv[1] ?? '');
  else if (line.foreground) return await runServer(line);
  else return await startInBackground(line, args);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`ERROR   ${messageOf(error)}\n`);
    process.exitCode = 255;
  },
);
