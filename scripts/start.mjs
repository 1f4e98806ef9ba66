// `npm start`: sets up what is missing, then runs engine and sidecar in the foreground until interrupted.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { build, install, root } from './setup.mjs';

install();
build();
const child = spawn(process.execPath, [path.join(root, 'dist/bin/bailiff.js'), 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
