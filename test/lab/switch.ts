// A private Open vSwitch for one test file: own directory, own database, own network namespace. Never a mock.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  labEnv,
  requireCommands,
  run,
  splitArgs,
  startDaemon,
  untilListening,
  type Daemon,
  type Run,
  type RunArgs,
  type RunOptions,
} from './process.ts';

export type OpenFlowVersion =
  'OpenFlow10' | 'OpenFlow11' | 'OpenFlow12' | 'OpenFlow13' | 'OpenFlow14' | 'OpenFlow15';

export const allVersions: readonly OpenFlowVersion[] = [
  'OpenFlow10',
  'OpenFlow11',
  'OpenFlow12',
  'OpenFlow13',
  'OpenFlow14',
  'OpenFlow15',
];

export interface SwitchOptions {
  /** `--enable-dummy=override`: no real interface anywhere, packets come from `netdev-dummy/receive`. */
  readonly dummy?: boolean;
  /**
   * Run ovs-vswitchd in its own network namespace, so that two labs can both have a `br0`. Default: unless dummy.
   * Without it, TCP ports of the switch (`ptcp:`, `tcp:127.0.0.1`) are those of the test.
   */
  readonly isolate?: boolean;
  /** More arguments for ovs-vswitchd. */
  readonly args?: readonly string[];
}

export interface PortOptions {
  readonly name: string;
  readonly ofport?: number;
  /** Interface type; default `dummy` in a dummy lab, else `internal`. */
  readonly type?: string;
  readonly options?: Readonly<Record<string, string>>;
}

export interface BridgeOptions {
  /** Default: all of them. */
  readonly protocols?: readonly OpenFlowVersion[];
  /** Default `secure`: no flow that the test did not add. */
  readonly failMode?: 'secure' | 'standalone';
  /** How many ports p1, p2, … of type dummy, on ofport 1, 2, … (dummy lab only), or their names. */
  readonly dummyPorts?: number | readonly string[];
  readonly ports?: readonly PortOptions[];
  /** Default `netdev`, the userspace datapath; the override makes it a dummy in a dummy lab. */
  readonly datapathType?: string;
  /** 16 hexadecimal digits. */
  readonly dpid?: string;
}

export interface DumpOptions {
  /** Default OpenFlow15. */
  readonly version?: OpenFlowVersion;
  /** A filter in ovs-ofctl's words, such as `table=0` or `cookie=0x1/-1`. */
  readonly filter?: string;
  /** Port and table names instead of numbers. Default: numbers. */
  readonly names?: boolean;
}

export interface Lab {
  readonly dir: string;
  readonly dummy: boolean;
  readonly isolated: boolean;
  /** Environment in which ovs-vsctl, ovs-ofctl, ovs-appctl and wbfc find this switch and no other. */
  readonly env: NodeJS.ProcessEnv;
  /** The OVSDB connection method, `unix:/…/db.sock`. */
  readonly db: string;
  readonly pid: () => number;
  /** Adds a bridge, with its ports, and returns the path of its management socket. Throws when OVS complains. */
  readonly addBridge: (name: string, options?: BridgeOptions) => Promise<string>;
  readonly addPort: (bridge: string, port: PortOptions) => Promise<void>;
  readonly delBridge: (name: string) => Promise<void>;
  /** Path of `<bridge>.mgmt`, the socket on which the bridge speaks OpenFlow. */
  readonly mgmt: (bridge: string) => string;
  readonly vsctl: (...args: RunArgs) => Promise<Run>;
  readonly ofctl: (...args: RunArgs) => Promise<Run>;
  readonly appctl: (...args: RunArgs) => Promise<Run>;
  /** Any command, with the lab's environment. */
  readonly exec: (command: string, ...args: RunArgs) => Promise<Run>;
  /** Any command, in the network namespace of the switch. */
  readonly execInside: (command: string, ...args: RunArgs) => Promise<Run>;
  /** Flows without statistics, one per line, sorted. */
  readonly dumpFlows: (bridge: string, options?: DumpOptions) => Promise<string[]>;
  /** What ovs-vswitchd logged so far. */
  readonly log: () => string;
  /** Runs before the switch stops, last added first. */
  readonly onStop: (action: () => void | Promise<void>) => void;
  /** Kills ovs-vswitchd with SIGKILL and starts it again on the same database: its flows are gone. */
  readonly restart: () => Promise<void>;
  /** Ends the switch, removes its directory. Throws if ovs-vswitchd had died before (a crash must fail a test). */
  readonly stop: () => Promise<void>;
}

const schemaPath = '/usr/share/openvswitch/vswitch.ovsschema';
const dirs = new Set<string>();
process.on('exit', () => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

export async function startSwitch(options: SwitchOptions = {}): Promise<Lab> {
  requireCommands({
    'ovs-vswitchd': 'openvswitch-switch',
    'ovsdb-server': 'openvswitch-switch',
    'ovsdb-tool': 'openvswitch-common',
    'ovs-ofctl': 'openvswitch-common',
    setpriv: 'util-linux',
  });
  const dummy = options.dummy === true;
  const isolated = options.isolate ?? !dummy;
  if (!dummy && process.getuid?.() !== 0)
    throw new Error(
      'a lab with real interfaces needs root: run the tests with sudo, or start a dummy switch',
    );

  // A unix socket's path has at most 107 bytes, and TMPDIR can be long (macOS, CI runners).
  const base = tmpdir().length > 40 ? '/tmp' : tmpdir();
  const dir = mkdtempSync(join(base, 'wbfc-lab-'));
  dirs.add(dir);
  const env = labEnv({ OVS_RUNDIR: dir, OVS_LOGDIR: dir, OVS_DBDIR: dir, OVS_SYSCONFDIR: dir });
  const db = `unix:${dir}/db.sock`;
  const stops: (() => void | Promise<void>)[] = [];

  const call = (command: string, args: RunArgs): Promise<Run> => {
    const { words, options: more } = splitArgs(args);
    return run(command, words, { ...more, env: { ...env, ...more.env } });
  };
  const vsctl = (...args: RunArgs): Promise<Run> => call('ovs-vsctl', ['--timeout=10', ...args] as RunArgs);

  const startVswitchd = async (): Promise<Daemon> => {
    const flags = [dummy ? '--enable-dummy=override' : '--disable-system', '--pidfile', '--log-file'];
    const daemon = startDaemon('ovs-vswitchd', [db, ...flags, '-vconsole:emer', ...(options.args ?? [])], {
      env,
      netns: isolated,
    });
    await untilListening(`${dir}/ovs-vswitchd.${daemon.pid}.ctl`, daemon);
    return daemon;
  };

  let dbServer: Daemon | undefined;
  let vswitchd: Daemon;
  try {
    await run('ovsdb-tool', ['create', `${dir}/conf.db`, schemaPath], { env, check: true });
    dbServer = startDaemon(
      'ovsdb-server',
      [`${dir}/conf.db`, `--remote=p${db}`, '--pidfile', '--log-file', '-vconsole:emer'],
      { env },
    );
    await untilListening(`${dir}/db.sock`, dbServer);
    await vsctl('--no-wait', 'init', { check: true });
    vswitchd = await startVswitchd();
  } catch (error) {
    await dbServer?.stop();
    rmSync(dir, { recursive: true, force: true });
    dirs.delete(dir);
    throw error;
  }
  const server = dbServer;

  const configure = async (args: readonly string[]): Promise<void> => {
    const { stderr } = await vsctl(...args, { check: true });
    // A port that cannot be set up is only a warning to ovs-vsctl.
    if (/error detected/i.test(stderr)) throw new Error(`ovs-vsctl ${args.join(' ')}\n${stderr}`);
  };

  const portWords = (bridge: string, port: PortOptions): string[] => [
    ...['--', 'add-port', bridge, port.name, '--', 'set', 'interface', port.name],
    `type=${port.type ?? (dummy ? 'dummy' : 'internal')}`,
    ...(port.ofport === undefined ? [] : [`ofport_request=${port.ofport}`]),
    ...Object.entries(port.options ?? {}).map(([key, value]) => `options:${key}=${JSON.stringify(value)}`),
  ];

  const inside = (command: string, args: RunArgs): Promise<Run> =>
    isolated
      ? call('nsenter', [`--net=/proc/${vswitchd.pid}/ns/net`, command, ...args] as RunArgs)
      : call(command, args);

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const crashed = vswitchd.running() ? undefined : vswitchd.output() + log();
    for (const action of stops.splice(0).reverse()) await action();
    if (vswitchd.running()) {
      // --cleanup: without it the taps of a switch that is not isolated stay.
      await call('ovs-appctl', ['exit', '--cleanup', { timeout: 2_000 }]).catch(() => undefined);
      await vswitchd.stop();
    }
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
    dirs.delete(dir);
    if (crashed !== undefined) throw new Error(`ovs-vswitchd died during the test:\n${crashed}`);
  };
  const log = (): string => readFileSync(`${dir}/ovs-vswitchd.log`, 'utf8');

  return {
    dir,
    dummy,
    isolated,
    env,
    db,
    pid: () => vswitchd.pid,
    vsctl,
    ofctl: (...args) => call('ovs-ofctl', args),
    appctl: (...args) => call('ovs-appctl', args),
    exec: (command, ...args) => call(command, args),
    execInside: (command, ...args) => inside(command, args),
    mgmt: (bridge) => `${dir}/${bridge}.mgmt`,
    log,
    onStop: (action) => {
      stops.push(action);
    },
    addBridge: async (name, bridge = {}) => {
      const dummies = bridge.dummyPorts ?? [];
      const names = typeof dummies === 'number' ? range(dummies).map((n) => `p${n}`) : dummies;
      const ports = [
        ...names.map((port, i): PortOptions => ({ name: port, ofport: i + 1, type: 'dummy' })),
        ...(bridge.ports ?? []),
      ];
      await configure([
        ...['add-br', name, '--', 'set', 'bridge', name],
        `datapath_type=${bridge.datapathType ?? 'netdev'}`,
        `protocols=${(bridge.protocols ?? allVersions).join(',')}`,
        `fail_mode=${bridge.failMode ?? 'secure'}`,
        ...(bridge.dpid === undefined ? [] : [`other-config:datapath-id=${bridge.dpid}`]),
        ...ports.flatMap((port) => portWords(name, port)),
      ]);
      return `${dir}/${name}.mgmt`;
    },
    addPort: (bridge, port) => configure(portWords(bridge, port).slice(1)),
    delBridge: (name) => configure(['del-br', name]),
    dumpFlows: async (bridge, dump = {}) => {
      const result = await call('ovs-ofctl', [
        ...['-O', dump.version ?? 'OpenFlow15', '--no-stats', dump.names === true ? '--names' : '--no-names'],
        ...['dump-flows', bridge, ...(dump.filter === undefined ? [] : [dump.filter])],
        { check: true, timeout: 30_000 } satisfies RunOptions,
      ] as RunArgs);
      return flowLines(result.stdout);
    },
    restart: async () => {
      await vswitchd.stop('SIGKILL');
      vswitchd = await startVswitchd();
      await configure(['set', 'open_vswitch', '.', 'external_ids:restarted=true']);
    },
    stop: () => (stopped ??= stop()),
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

/** The flows in what `dump-flows` printed, without reply headers and statistics, sorted. */
export function flowLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line.trim().replace(/\b(?:duration|n_packets|n_bytes|idle_age|hard_age)=[^,\s]+,?\s*/g, ''),
    )
    .filter((line) => line.includes('actions='))
    .sort();
}
