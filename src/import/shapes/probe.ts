/** Another flow of a shape, to see whether a template says the same of it as the reader. */
import { ROLE } from './roles.ts';
import { HOLE } from './skeleton.ts';

/** Where the holes of a text are, and what stands in them. */
export interface Places {
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Values that are tried: ordinary ones, and those at the ends. */
const DECIMAL = [4, 1234, 7, 0x4321, 3, 1, 0, 200];
const HEX = [0x1b, 0x1234, 0x5, 0x4321_8765, 0x3, 0x1, 0x0, 0xf0, 0xab00, 0x1_0000];
const MAC = ['0a:1b:2c:3d:4e:5f', '01:00:00:00:00:00', '00:00:00:00:00:01', '00:00:00:00:00:00'];
const IPV4 = ['172.16.254.9', '192.168.0.0', '10.0.0.0', '128.0.0.0', '0.0.0.0'];
const IPV6 = ['2001:db8::17', 'fd00:1:2:3::', 'fe80::', '8000::'];

/** Lengths of prefixes that fit some of these addresses. */
const PREFIXES = ['16', '13', '24'];

/** The texts that may stand in a hole, in the form that it has. */
function candidates(places: Places, role: number, hole: number, round: number): readonly string[] {
  if (role === ROLE.prefix) return PREFIXES;
  switch (places.kinds[hole]) {
    case HOLE.decimal:
      // Not all holes get the same.
      return DECIMAL.map((n) => String(n === 0 ? 0 : n + hole + round));
    case HOLE.hex:
      return HEX.map((n) => `0x${n.toString(16)}`);
    case HOLE.wide:
      return ['0xfedcba9876543210'];
    case HOLE.mac:
      return MAC;
    case HOLE.ipv4:
      return IPV4;
    case HOLE.ipv6:
      return IPV6;
    default:
      return [];
  }
}

/** The text with another value in each hole that may vary, where `fits` takes it. */
export function probeOf(
  places: Places,
  roles: Uint8Array,
  text: string,
  start: number,
  end: number,
  round: number,
  fits: (line: string) => boolean,
): string {
  let line = text.slice(start, end);
  // From the last to the first, so that the others stay where they are.
  for (let hole = roles.length - 1; hole >= 0; hole--) {
    if (roles[hole] === ROLE.fixed) continue;
    const from = (places.starts[hole] ?? 0) - start;
    const to = (places.ends[hole] ?? 0) - start;
    const all = candidates(places, roles[hole] ?? 0, hole, round);
    for (let i = 0; i < all.length; i++) {
      const other = line.slice(0, from) + (all[(i + round) % all.length] ?? '') + line.slice(to);
      if (!fits(other)) continue;
      line = other;
      break;
    }
  }
  return line;
}
