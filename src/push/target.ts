/** Where a program goes: the `--to` of `wbfc push`, in the words of Open vSwitch. */
import { badTarget } from '../diagnostics/codes/push.ts';
import { problem, type Problem } from './problem.ts';

/** The port that IANA gave to OpenFlow. */
export const OPENFLOW_PORT = 6653;

export type Target =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** We listen; the switch calls. Port 0 takes any free one. */
  | { readonly kind: 'ptcp'; readonly port: number; readonly address: string };

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** A usage error: exit code 2. */
  | { readonly ok: false; readonly problem: Problem };

const FORMS = 'unix:/path, tcp:host:port or ptcp:port[:address]';

export function parseTarget(text: string): Parsed<Target> {
  const no = (why: string, help: string | null = null): Parsed<Target> => ({
    ok: false,
    problem: problem(badTarget, { target: text, why }, help === null ? {} : { help }),
  });
  const colon = text.indexOf(':');
  const scheme = colon < 0 ? '' : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  switch (scheme) {
    case 'unix':
      if (rest === '') return no('the path is missing', 'write unix:/path/to/br0.mgmt');
      if (rest.includes('\0')) return no('a path cannot contain NUL');
      // sun_path of sockaddr_un holds 108 bytes, the final NUL included.
      if (Buffer.byteLength(rest) > 107)
        return no(
          'the path of a Unix socket has at most 107 bytes',
          'use a shorter path, or a symbolic link',
        );
      return { ok: true, value: { kind: 'unix', path: rest } };
    case 'tcp': {
      const split = hostAndPort(rest);
      if (split === null) return no('an IPv6 address stands in brackets', 'write tcp:[::1]:6653');
      if (split.host === '') return no('the host is missing', 'write tcp:host:port');
      const port = split.port === null ? OPENFLOW_PORT : portNumber(split.port);
      if (port === null || port === 0) return no(`'${split.port ?? ''}' is no port (1-65535)`);
      return { ok: true, value: { kind: 'tcp', host: split.host, port } };
    }
    case 'ptcp': {
      const at = rest.indexOf(':');
      const portText = at < 0 ? rest : rest.slice(0, at);
      const port = portText === '' ? OPENFLOW_PORT : portNumber(portText);
      if (port === null)
        return no(`'${portText}' is no port (0-65535)`, 'the port comes first: ptcp:6653:127.0.0.1');
      const split = at < 0 ? { host: '127.0.0.1', port: null } : hostAndPort(rest.slice(at + 1));
      if (split === null) return no('an IPv6 address stands in brackets', 'write ptcp:6653:[::1]');
      if (split.host === '' || split.port !== null) return no('after the port comes one address');
      return { ok: true, value: { kind: 'ptcp', port, address: split.host } };
    }
    case 'ssl':
    case 'pssl':
      return no('TLS is not supported yet', `use ${FORMS}`);
    default:
      return no(
        `it must be ${FORMS}`,
        text.startsWith('/') ? `write unix:${text}` : /^[\w.-]+$/.test(text) ? bridgeHint(text) : null,
      );
  }
}

function bridgeHint(name: string): string {
  return `for the bridge '${name}' of this machine write unix:/var/run/openvswitch/${name}.mgmt`;
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`; null for an IPv6 address without brackets, which would be ambiguous. */
function hostAndPort(text: string): { host: string; port: string | null } | null {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', port: bracketed[2] ?? null };
  const parts = text.split(':');
  if (parts.length > 2) return null;
  return { host: parts[0] ?? '', port: parts[1] ?? null };
}

function portNumber(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port <= 0xffff ? port : null;
}

/** As the user wrote it, or would have. */
export function formatTarget(target: Target): string {
  const host = (text: string): string => (text.includes(':') ? `[${text}]` : text);
  switch (target.kind) {
    case 'unix':
      return `unix:${target.path}`;
    case 'tcp':
      return `tcp:${host(target.host)}:${target.port}`;
    case 'ptcp':
      return `ptcp:${target.port}:${host(target.address)}`;
  }
}

/** A datapath id as OVS and its tools write it: 16 hexadecimal digits, `0x1`, or with colons. Null when it is none. */
export function parseDpid(text: string): bigint | null {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  if (/^[0-9a-f]{16}$/i.test(text)) return BigInt(`0x${text}`);
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){7}$/i.test(text)) return BigInt(`0x${text.replaceAll(':', '')}`);
  return null;
}

export function formatDpid(dpid: bigint): string {
  return dpid.toString(16).padStart(16, '0');
}
