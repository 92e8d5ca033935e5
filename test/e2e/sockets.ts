// Servers and clients on the hosts of a lab: who is reached, and which address it sees.
import type { Host } from '../lab/netns.ts';

const SERVER = `
const [, says, ...ports] = process.argv;
let left = ports.length;
const ready = () => { if (--left === 0) console.log('ready'); };
for (const [kind, port] of ports.map((p) => p.split(':'))) {
  if (kind === 'tcp') {
    const server = require('node:net').createServer((s) => s.on('error', () => {}).end(says + ' ' + s.remoteAddress));
    server.listen(Number(port), '0.0.0.0', ready);
  } else {
    const socket = require('node:dgram').createSocket('udp4');
    socket.on('message', (_, from) => socket.send(says + ' ' + from.address, from.port, from.address));
    socket.bind(Number(port), ready);
  }
}`;

/** Listens on ports such as `tcp:443` until the lab stops; says its name, and which address it has been called from. */
export function serve(host: Host, ...ports: readonly string[]): Promise<void> {
  return host.start(process.execPath, '-e', SERVER, host.name, ...ports).says('ready', 20_000);
}

const CLIENT = `
const [, wait, ...targets] = process.argv;
const answers = targets.map(() => null);
let left = targets.length;
const finish = () => { console.log(JSON.stringify(answers)); process.exit(0); };
const answered = (i) => (data) => {
  if (answers[i] !== null) return;
  answers[i] = String(data);
  if (--left === 0) finish();
};
setTimeout(finish, Number(wait));
targets.forEach((target, i) => {
  const [, kind, address, port, localAddress] = /^(\\w+):([^:]+):(\\d+)(?:@(.+))?$/.exec(target);
  if (kind === 'tcp')
    require('node:net').connect({ host: address, port: Number(port), localAddress })
      .on('data', answered(i)).on('error', () => {});
  else {
    const socket = require('node:dgram').createSocket('udp4').on('message', answered(i));
    const send = () => { if (answers[i] === null) { socket.send('?', Number(port), address); setTimeout(send, 200); } };
    send();
  }
});`;

/**
 * Calls all of these at once, `tcp:192.0.2.80:443` or, from an address of its own choice, `…@192.0.2.17`. The answers are
 * what the servers said, null from those that were not heard within `wait` milliseconds.
 */
export async function call(
  host: Host,
  targets: readonly string[],
  wait = 6_000,
): Promise<readonly (string | null)[]> {
  const { stdout } = await host.exec(process.execPath, '-e', CLIENT, `${wait}`, ...targets, {
    check: true,
    timeout: wait + 20_000,
  });
  return JSON.parse(stdout) as (string | null)[];
}

/** How long nobody is waited for who should not answer. */
export const REFUSED = 700;
