// Whether the pages answer on the panel's socket: everybody that gets to it is answered, if only with a refusal.
import http from 'node:http';

const options = { socketPath: '/run/bailiff/web.sock', path: '/', headers: { host: 'bailiff' }, timeout: 5000 };
const request = http.get(options, (answer) => process.exit(answer.statusCode === 403 ? 0 : 1));
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
