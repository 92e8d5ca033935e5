// Hosts around a bridge: each one is a network namespace with one interface, whose other end is a port of the bridge.
import {
  requireCommands,
  run,
  splitArgs,
  startDaemon,
  type Daemon,
  type Run,
  type RunArgs,
} from './process.ts';
import type { Lab } from './switch.ts';

export interface HostOptions {
  /** Also the name of the port on the bridge, such as `if0` (with a suffix if the lab is not isolated). */
  readonly name: string;
  /** With or without a prefix length; default /24. */
  readonly ip: string;
  readonly mac: string;
  readonly ofport: number;
  /** An IPv6 address as well (default /64). Without it the host has no IPv6 and sends no stray frames. */
  readonly ip6?: string;
}

export interface Host {
  readonly name: string;
  readonly ip: string;
  readonly mac: string;
  readonly ofport: number;
  /** Name of the interface on the bridge. */
  readonly port: string;
  /** Runs a command in the host's network namespace; its interface is `eth0`. */
  readonly exec: (command: string, ...args: RunArgs) => Promise<Run>;
  /** Starts a command there that runs until the lab stops. */
  readonly start: (command: string, ...args: readonly string[]) => Daemon;
  readonly ping: (
    ip: string,
    count?: number,
    options?: PingOptions,
  ) => Promise<{ sent: number; received: number }>;
}

export interface PingOptions {
  /** Seconds between two requests; default 0.05. */
  readonly interval?: number;
  /** Seconds to wait for the last answer; default 1. */
  readonly wait?: number;
}

let serial = 0;

/** Creates hosts and attaches them. They end with the lab. */
export async function createHosts(
  lab: Lab,
  bridge: string,
  options: readonly HostOptions[],
): Promise<Host[]> {
  requireCommands({
    ip: 'iproute2',
    ping: 'iputils-ping',
    ethtool: 'ethtool',
    sysctl: 'procps',
    nsenter: 'util-linux',
    unshare: 'util-linux',
  });
  if (lab.dummy) throw new Error('a dummy switch has no real interfaces: start the lab without `dummy`');
  const hosts: Host[] = [];
  for (const host of options) hosts.push(await createHost(lab, bridge, host));
  return hosts;
}

async function createHost(lab: Lab, bridge: string, options: HostOptions): Promise<Host> {
  // The namespace has no name: it lives as long as this process, and goes with it.
  const holder = startDaemon('sh', ['-c', 'echo ready; exec sleep infinity'], { netns: true });
  lab.onStop(() => holder.stop('SIGKILL'));
  await holder.says('ready');
  const exec = (command: string, ...args: RunArgs): Promise<Run> => {
    const { words, options: more } = splitArgs(args);
    return run('nsenter', [`--net=/proc/${holder.pid}/ns/net`, command, ...words], more);
  };

  const port = lab.isolated ? options.name : `${options.name}.${process.pid.toString(36)}${serial++}`;
  if (port.length > 15) throw new Error(`interface names have at most 15 bytes: ${port}`);
  const withPrefix = (ip: string, length: number): string => (ip.includes('/') ? ip : `${ip}/${length}`);
  const sh = (script: readonly string[]): string => script.join(' && ');

  await lab.execInside(
    'sh',
    '-c',
    sh([
      `ip link add ${port} type veth peer name eth0 netns ${holder.pid}`,
      `sysctl -q -w net.ipv6.conf.${port.replaceAll('.', '/')}.disable_ipv6=1`,
      `ip link set ${port} up`,
    ]),
    { check: true },
  );
  await exec(
    'sh',
    '-c',
    sh([
      'ip link set lo up',
      `sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=${options.ip6 === undefined ? 1 : 0}`,
      // An ARP request that nobody answers is tried again after 0.1 s (not 1) for 3 s, so that a ping which begins
      // before its flows are there is answered soon after.
      'sysctl -q -w net.ipv4.neigh.eth0.retrans_time_ms=100 net.ipv4.neigh.eth0.mcast_solicit=30',
      `ip link set eth0 address ${options.mac} up`,
      `ip address add ${withPrefix(options.ip, 24)} dev eth0`,
      ...(options.ip6 === undefined ? [] : [`ip address add ${withPrefix(options.ip6, 64)} dev eth0 nodad`]),
      // The userspace datapath forwards the bytes it is given: checksums must be complete and frames of MTU size.
      'ethtool -K eth0 tx off rx off tso off gso off gro off >/dev/null',
    ]),
    { check: true },
  );
  await lab.addPort(bridge, { name: port, ofport: options.ofport, type: 'system' });

  return {
    name: options.name,
    ip: options.ip.replace(/\/.*/, ''),
    mac: options.mac,
    ofport: options.ofport,
    port,
    exec,
    start: (command, ...args) => {
      const daemon = startDaemon('nsenter', [`--net=/proc/${holder.pid}/ns/net`, command, ...args]);
      lab.onStop(() => daemon.stop('SIGKILL'));
      return daemon;
    },
    ping: async (ip, count = 3, { interval = 0.05, wait = 1 } = {}) => {
      const result = await exec('ping', '-n', '-c', `${count}`, '-i', `${interval}`, '-W', `${wait}`, ip, {
        timeout: (count * interval + wait + 10) * 1000,
      });
      const counts = /(\d+) packets transmitted, (\d+) received/.exec(result.stdout);
      if (counts === null) throw new Error(`ping ${ip}: ${result.stdout}${result.stderr}`);
      return { sent: Number(counts[1]), received: Number(counts[2]) };
    },
  };
}
