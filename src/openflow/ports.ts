/** The ports that have names and numbers of their own, and the two ways of numbering them. */

/** A port with a name of its own (OpenFlow 1.5.1 §7.2.1.2, ovs-fields(7) "Port fields"). */
export interface ReservedPort {
  readonly name: string;
  /** Its number in OpenFlow 1.0 and in `in_port`. */
  readonly number16: number;
  /** Its number from OpenFlow 1.1 on and in `in_port_oxm`. */
  readonly number32: number;
  /** May `output` send there? */
  readonly output: boolean;
  /** Can a packet have come in by it, so that matching `in_port` makes sense? The switch accepts all of them. */
  readonly input: boolean;
  readonly summary: string;
}

const port = (
  name: string,
  number16: number,
  use: '' | 'in' | 'out' | 'in, out',
  summary: string,
): ReservedPort => ({
  name,
  number16,
  number32: portTo32(number16),
  output: use.endsWith('out'),
  input: use.startsWith('in'),
  summary,
});

export const RESERVED_PORTS: readonly ReservedPort[] = [
  port('unset', 0xfff7, '', 'in `actset_output`: the action set has no output'),
  port('in_port', 0xfff8, 'out', 'the port the packet came in by, which a plain `output` never sends to'),
  port('table', 0xfff9, 'out', 'the first flow table; meant for packet-outs'),
  port('normal', 0xfffa, 'out', 'what a learning switch without OpenFlow would do'),
  port('flood', 0xfffb, 'out', 'every port but the input and those with flooding off'),
  port('all', 0xfffc, 'out', 'every port but the input'),
  port('controller', 0xfffd, 'in, out', 'the controllers, as a packet-in'),
  port('local', 0xfffe, 'in, out', "the bridge's own interface on the host"),
  port('any', 0xffff, 'in', 'no port: a packet-out that names none'),
  port('none', 0xffff, 'in', 'the OpenFlow 1.0 name of `any`'),
];

export function reservedPort(name: string): ReservedPort | undefined {
  return RESERVED_PORTS.find((p) => p.name === name);
}

/** OpenFlow 1.1 moved the reserved ports from 0xff00..0xffff to 0xffffff00..0xffffffff (OpenFlow 1.1 §A.2.1). */
export function portTo32(port: number): number {
  return port >= 0xff00 && port <= 0xffff ? port + 0xffff0000 : port;
}

/** The 16-bit form of a port, or undefined for 0xff00..0xfffffeff, which no OVS port can have. */
export function portTo16(port: number): number | undefined {
  if (port < 0xff00) return port;
  return port >= 0xffffff00 ? port - 0xffff0000 : undefined;
}
