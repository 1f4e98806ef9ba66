/** Many calls of the stock fail2ban-client, each in a process of its own made from one that has the program loaded already. */
import { runProgram, type Said } from './stock-server';

/** Reads a list of argument lists, runs the program for each in a child that is forked when everything is imported, and gives what they said. */
const CALLS = `
import json, os, runpy, sys, tempfile
import fail2ban.client.fail2banclient, fail2ban.client.fail2bancmdline, fail2ban.client.beautifier
results = []
for args in json.load(sys.stdin):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            sys.argv = ['/usr/bin/fail2ban-client'] + args
            runpy.run_path(sys.argv[0], run_name='__main__')
            sys.stdout.flush()
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode('utf-8', 'replace'))
        results.append({'code': code, 'stdout': texts[0], 'stderr': texts[1]})
sys.stdout.write(json.dumps(results))
`;

/** Calls made by one run of the program above: a busy machine needs seconds for them. */
const AT_ONCE = 50;

/** What fail2ban-client says to each list of arguments, one call after the other. */
export function stockCalls(calls: readonly (readonly string[])[]): readonly Said[] {
  const results: Said[] = [];
  for (let at = 0; at < calls.length; at += AT_ONCE) {
    const said = runProgram('/usr/bin/python3', ['-c', CALLS], JSON.stringify(calls.slice(at, at + AT_ONCE)));
    if (said.code !== 0) throw new Error(`the calls of fail2ban-client failed: ${said.stderr}`);
    results.push(...(JSON.parse(said.stdout) as Said[]));
  }
  return results;
}
