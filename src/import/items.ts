/** What is found in an input, before it is read: pieces of text that are a flow, a group, a meter or a TLV map. */
import type { Piece } from './piece.ts';

export type ItemKind = 'flow' | 'group' | 'meter' | 'tlv';

export interface Item extends Piece {
  readonly kind: ItemKind;
  /** Above it and behind it, without their marks. */
  readonly comments: readonly string[];
  /** The bridge that a script names; null elsewhere. */
  readonly bridge: string | null;
  /** From a dump, whose order means nothing. */
  readonly dumped: boolean;
}
