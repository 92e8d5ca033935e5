/** Why a program cannot be installed as it is, each as plain data: they cross threads. */
import type { OfpErrorName } from '../openflow/errors.ts';
import type { Part, Tlv } from './plan.ts';

/** What the switch has against one message. */
export interface Refusal {
  readonly part: 'flow' | Part;
  /** Which of the program's flows, groups, … */
  readonly index: number;
  readonly names: readonly OfpErrorName[];
  readonly type: number;
  readonly code: number;
}

export type Finding =
  | ({ readonly kind: 'refused' } & Refusal)
  | {
      readonly kind: 'too long';
      readonly part: 'flow' | 'group';
      readonly index: number;
      readonly bytes: number;
      readonly limit: number;
    }
  /** A flow of somebody else stands where one of ours goes. */
  | {
      readonly kind: 'foreign flow';
      readonly index: number;
      readonly cookie: bigint;
      readonly table: number;
      readonly priority: number;
    }
  /** A group with that id is there, is another one, and nothing says that it is ours. */
  | { readonly kind: 'foreign group'; readonly index: number; readonly id: number }
  /** What we would delete is in use by somebody else, whose flow would go with it. */
  | { readonly kind: 'in use'; readonly what: 'group' | 'meter'; readonly id: number; readonly by: User }
  | { readonly kind: 'tlv conflict'; readonly index: number; readonly existing: Tlv }
  /** No id is left for a meter. */
  | { readonly kind: 'no meter id'; readonly index: number }
  /** Its id is in use by another one. */
  | { readonly kind: 'meter taken'; readonly index: number; readonly id: number };

/** `more`: flows beside this one. */
export type User =
  | { readonly kind: 'flow'; readonly cookie: bigint; readonly table: number; readonly more: number }
  | { readonly kind: 'group'; readonly id: number };
