/** Runs the stock fail2ban-regex many times: one Python loads it once and forks for each run, so that a run costs no start-up. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const FORKING = `
import json, os, sys
from fail2ban.client.fail2banregex import exec_command_line
folder = sys.argv[1]
for number, args in enumerate(json.load(sys.stdin)):
    child = os.fork()
    if child == 0:
        sys.stdout = open(os.path.join(folder, str(number)), 'w')
        sys.argv = ['fail2ban-regex'] + args
        try:
            exec_command_line()
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.waitpid(child, 0)
`;

/** What fail2ban-regex prints for each list of arguments. */
export async function runStockRegex(runs: readonly (readonly string[])[]): Promise<string[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bailiff-stock-'));
  try {
    await new Promise<void>((resolve, reject) => {
      const child = execFile('/usr/bin/python3', ['-c', FORKING, folder], (error) => (error === null ? resolve() : reject(error)));
      child.stdin?.end(JSON.stringify(runs));
    });
    return runs.map((_run, index) => fs.readFileSync(path.join(folder, String(index)), 'utf8'));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
