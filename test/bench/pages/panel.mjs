// Runs `bailiff-web` as the sidecar serves it, over a real server on its socket, and asks it for pages as a browser does, over one connection.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = path.resolve(import.meta.dirname, '../../../dist/bin/bailiff-web.js');
/** For a profile of the pages: `BENCH_WEB='--cpu-prof --cpu-prof-dir=/tmp'`. */
const MORE_FLAGS = (process.env.BENCH_WEB ?? '').split(' ').filter((flag) => flag !== '');

/** Without a name server: how long another machine takes to tell the name of an address is not asked here. */
const ALONE = ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"'];

/** An answer: its status, what gives its text, headers, and the milliseconds until the last byte was here. */
function ask(agent, base, to, options) {
  const { method = 'GET', headers = {}, body = '' } = options;
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const asked = request(new URL(to, base), { agent, method, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          // Made when it is asked for: what that takes is not the pages' time.
          text: () => Buffer.concat(parts).toString(),
          took: performance.now() - from,
        }),
      );
    });
    // The pages close a connection that nobody used for a while.
    asked.on('error', (error) =>
      asked.reusedSocket && error.code === 'ECONNRESET' ? resolve(ask(agent, base, to, options)) : reject(error),
    );
    asked.end(body);
  });
}

/** The pages over the server of `config` and `socket`, logged in; `get` rejects when a page is not answered with 200. */
export async function startPanel({ config, socket, folder, log }) {
  const options = ['-c', config, '-s', socket, '-p', path.join(folder, 'bailiff.pid'), '--log', log, '--home', folder, '--port', '0'];
  const nobody = path.join(folder, 'resolv.conf');
  writeFileSync(nobody, 'nameserver 127.0.0.1\n');
  const child = spawn('unshare', [...ALONE, nobody, process.execPath, ...MORE_FLAGS, PROGRAM, ...options, '--daemon', 'direct'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const link = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Bailiff is ready: (\S+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(new URL(found));
    });
    child.once('exit', (code) => reject(new Error(`the pages ended with ${code}`)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = new URLSearchParams({ token: link.searchParams.get('token') }).toString();
  const entered = await ask(agent, link.origin, '/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length },
    body,
  });
  const cookie = String(entered.headers['set-cookie']?.[0]).split(';')[0];
  /** @param own a connection of its own, beside the others */
  const get = async (to, own = agent) => {
    const answer = await ask(own, link.origin, to, { headers: { Cookie: cookie } });
    if (answer.status !== 200) throw new Error(`${to} is answered with ${answer.status}`);
    return answer;
  };
  return {
    get,
    /** CPU milliseconds so far, those of all threads. */
    cpu() {
      const threads = `/proc/${child.pid}/task`;
      const times = readdirSync(threads).map((thread) => Number(readFileSync(`${threads}/${thread}/schedstat`, 'utf8').split(' ')[0]));
      return times.reduce((sum, time) => sum + time, 0) / 1e6;
    },
    async stop() {
      agent.destroy();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}
