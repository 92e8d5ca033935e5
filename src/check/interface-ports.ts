/**
 * Ports that are declared by the name of their interface. Which number one has, only a switch can tell: where nobody has
 * asked it, a number that nothing else has stands for the port, and emitters write the name in its place.
 */
import { reservedPort } from '../openflow/ports.ts';
import type { Located, PortSymbol } from './types.ts';

/** OpenFlow has room for so many bytes of a name (ofp_port, OpenFlow 1.5.1 §7.2.1). */
const MAX_BYTES = 15;

/** Why an interface cannot be called so; null where it can. */
export function badInterfaceName(name: string): string | null {
  if (name === '') return 'it is empty';
  if (!/^[!-~]+$/.test(name) || /["'\\/]/.test(name))
    return 'it has characters that no name of an interface should have';
  if (name.length > MAX_BYTES) return `OpenFlow has room for ${MAX_BYTES} characters`;
  if (/^(0x[0-9a-f]+|\d+)$/i.test(name)) return 'it would be taken for a number';
  if (reservedPort(name.toLowerCase()) !== undefined) return 'it is a reserved port';
  return null;
}

/** The last number that a port can have. */
export const LAST_PORT = 0xfeff;

/** Gives out numbers that stand for ports: from the last one down, without those in use. */
export class Placeholders {
  private readonly written: ReadonlySet<number>;
  private readonly taken: Set<number>;

  /** `text` is the source, whose numbers are avoided as long as there are others; those in use are avoided always. */
  constructor(text: string, inUse: Iterable<number>) {
    const numbers = text.match(/\b(?:0x[\da-f_]+|0b[01_]+|\d[\d_]*)/gi) ?? [];
    this.written = new Set(numbers.map((number) => Number(number.replaceAll('_', ''))));
    this.taken = new Set(inUse);
  }

  /** null where there are more ports than numbers. */
  take(): number | null {
    const found =
      this.last((n) => !this.taken.has(n) && !this.written.has(n)) ?? this.last((n) => !this.taken.has(n));
    if (found !== null) this.taken.add(found);
    return found;
  }

  private last(isFree: (number: number) => boolean): number | null {
    for (let n = LAST_PORT; n > 0; n--) if (isFree(n)) return n;
    return null;
  }
}

/** The ports whose numbers are not known, by what stands for them, and where the number itself is needed. */
export class UnresolvedPorts {
  readonly byNumber = new Map<number, PortSymbol>();
  /** For each the first place at which its name will not do, as the value of a register. */
  readonly numberUses = new Map<PortSymbol, Located>();

  /** The number of the port is used as a number. */
  useNumber(port: PortSymbol, at: Located): void {
    if (port.number === null || this.byNumber.get(port.number) !== port || this.numberUses.has(port)) return;
    this.numberUses.set(port, at);
  }
}
