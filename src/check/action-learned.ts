/** The flow that a `learn` makes: what is known of the packets that it will match, and what it matches already. */
import type { Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import { maskBug, unmatchable, unreadableTag } from '../diagnostics/codes/match.ts';
import type { MatchField } from '../ir/types.ts';
import type { Field, FieldName } from '../openflow/fields.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import { valueName } from '../openflow/names.ts';
import { impliedTerms, PREREQUISITES } from '../openflow/protocols.ts';
import type { Remedy } from '../openflow/protocols.ts';
import { storage, toStorage, VLAN_PRESENT } from '../openflow/storage.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { subfieldRef } from './action-assign.ts';
import type { ActionList } from './action-list.ts';
import { ones } from './domain.ts';
import { hasMaskBug, NUMBER, PRIORITY } from './match-traps.ts';
import { label } from './report.ts';
import { showTarget } from './show.ts';
import { stateOfMatch, unmet } from './state.ts';
import type { PacketState } from './state.ts';
import type { ResolvedField } from './types.ts';

/** A term of the learned match. */
interface Learned {
  readonly field: Field;
  /** The bits that it matches, in their place in the field's storage. */
  readonly bits: bigint;
  readonly shown: string;
  readonly span: Span;
}

/** Something that the learned flow lacks where it needs it. */
interface Lack {
  readonly prerequisite: PrerequisiteName;
  readonly target: ResolvedField;
  readonly constants: readonly MatchField[];
}

/** Fields that the switch writes in learned flows in a way that nobody can read (seen on OVS 3.1.0). */
const UNREADABLE: ReadonlySet<FieldName> = new Set(['vlan_vid', 'in_port_oxm', 'ct_mark', 'ct_label']);

export class LearnedFlow {
  private readonly list: ActionList;
  private readonly terms: Learned[] = [];
  private readonly lacks: Lack[] = [];
  /** Of these alone the switch makes what it knows; a later one on the same field adds its bits. */
  private constants: readonly MatchField[] = [];
  /** Where VLAN 0 is matched. */
  private vlanZero: Span | null = null;
  state: PacketState = stateOfMatch([]);

  constructor(list: ActionList) {
    this.list = list;
  }

  /** Has it been said, all of it? */
  says(name: FieldName, value: bigint): boolean {
    return this.constants.some((c) => c.field === name && c.mask === null && c.value === value);
  }

  /** Takes note of a term, whose value is null where it comes from the packet. */
  matches(target: ResolvedField, value: bigint | null): void {
    const { field: f, node } = target;
    const { offset, bits } = subfieldRef(target);
    if (f.exactIn.length === 0 || f.name === 'dp_hash' || (f.name === 'recirc_id' && value !== 0n)) {
      const why = f.exactIn.length === 0 ? 'it has no form in OpenFlow' : 'the switch keeps it for itself';
      this.list.error(unmatchable, { field: f.name, why }, node.span);
      return;
    }
    if (hasMaskBug(f)) this.list.warn(maskBug, { field: f.name }, node.span);
    if (f.name === 'vlan_vid' && target.subfield === null && value === 0n) this.vlanZero = node.span;
    const kept = this.keeps(target);
    if (kept !== 'refused') this.needs(target);
    this.once(target);
    if (value !== null && kept === 'kept') {
      const mask = ones(bits) << BigInt(offset);
      // A number leaves the present bit of the tag as it is.
      const stored = f.name === 'vlan_vid' ? field('vlan_tci') : f;
      const before = this.constants.find((c) => c.field === stored.name);
      const all = mask | (before === undefined ? 0n : (before.mask ?? ones(stored.bits)));
      const now = ((before?.value ?? 0n) & ~mask) | (value << BigInt(offset));
      this.constants = [
        ...this.constants.filter((c) => c !== before),
        { field: stored.name, value: now, mask: all === ones(stored.bits) ? null : all },
      ];
      this.state = stateOfMatch(this.constants);
    }
  }

  /** A field to be written by the learned flow. */
  writes(target: ResolvedField): void {
    const { field: f, node } = target;
    if (!f.writable) {
      const met = unmet(f.prerequisite, this.state) === null;
      const details = met ? {} : { switchError: 'OFPBAC_MATCH_INCONSISTENT' as const };
      this.list.error(codes.readOnly, { field: showTarget(target) }, node.span, details);
      return;
    }
    this.needs(target);
    if (UNREADABLE.has(f.name)) {
      this.list.refuses(codes.learnedUnreadable, { target: showTarget(target) }, node.span);
    }
  }

  /** Reports what concerns several terms. */
  finish(): void {
    const tci = this.terms.filter((t) => storage(t.field).unit === 'vlan_tci');
    const matched = tci.reduce((all, t) => all | t.bits, 0n);
    if (this.vlanZero !== null && (matched & VLAN_PRESENT) === 0n) {
      this.list.warn(codes.learnedUntagged, {}, this.vlanZero);
    }
    const last = tci.at(-1);
    const partial =
      (matched & PRIORITY) !== 0n && (matched & NUMBER) !== 0n && (matched & VLAN_PRESENT) === 0n;
    if (last !== undefined && partial) {
      const help = 'match the present bit, too: `vlan_tci[12] = 1`';
      this.list.refuses(unreadableTag, { term: last.shown }, last.span, { help });
    }
    this.reportLacks();
  }

  private needs(target: ResolvedField): void {
    const { prerequisite } = target.field;
    if (unmet(prerequisite, this.state) === null) return;
    this.lacks.push({ prerequisite, target, constants: this.constants });
  }

  /** Of fields without masks the switch forgets what is not whole bytes (seen on OVS 3.1.0); the program may allow that. */
  private keeps(target: ResolvedField): 'kept' | 'forgotten' | 'refused' {
    const { field: f, node } = target;
    const { bits } = subfieldRef(target);
    if (f.maskable || bits === f.bytes * 8) return 'kept';
    const kind = bits < f.bits ? 'partial' : 'odd';
    const instead = INSTEAD[f.name];
    const refused = this.list.refuses(
      codes.learnedMatchLost,
      { target: showTarget(target), kind },
      node.span,
      {
        ...(instead === undefined ? {} : { help: instead }),
      },
    );
    return refused ? 'refused' : 'forgotten';
  }

  private once(target: ResolvedField): void {
    const { field: f, node } = target;
    const { offset, bits } = subfieldRef(target);
    const { unit, port } = storage(f);
    const own = port ? ones(32) : toStorage(f, ones(bits) << BigInt(offset));
    const shown = showTarget(target);
    const clash = this.terms.find((t) => {
      if (storage(t.field).unit !== unit) return false;
      return (t.bits & own) !== 0n;
    });
    this.terms.push({ field: f, bits: own, shown, span: node.span });
    if (clash === undefined) return;
    this.list.refuses(codes.learnedTwice, { target: shown, other: clash.shown }, node.span, {
      related: [label({ file: this.list.ctx.file, span: clash.span }, 'it is here, too')],
    });
  }

  /** One diagnostic for all that the same words would mend. */
  private reportLacks(): void {
    let rest: readonly Lack[] = this.lacks;
    while (rest.length > 0) {
      const demand = (l: Lack): number => PREREQUISITES[l.prerequisite].conditions.length;
      const lead = rest.reduce((best, l) => (demand(l) > demand(best) ? l : best));
      const remedies = PREREQUISITES[lead.prerequisite].remedies.filter((r) => mends(r, lead));
      const group = rest.filter((l) => l === lead || remedies.some((r) => mends(r, l)));
      const { packet, terms } = PREREQUISITES[lead.prerequisite];
      const words = remedies.map((r) => `\`${wordsOf(r)}\``).join(' or ');
      const subject = `\`${showTarget(lead.target)}\``;
      this.list.error(codes.learnedPrerequisite, { subject, packet }, lead.target.node.span, {
        label: `needs ${terms}`,
        related: group
          .filter((l) => l !== lead)
          .map((l) =>
            label(
              { file: this.list.ctx.file, span: l.target.node.span },
              `needs ${PREREQUISITES[l.prerequisite].terms}`,
            ),
          ),
        ...(words === '' ? {} : { help: `write ${words} before it, in a \`match\` block of the \`learn\`` }),
      });
      rest = rest.filter((l) => !group.includes(l));
    }
  }
}

const INSTEAD: Readonly<Partial<Record<FieldName, string>>> = {
  vlan_pcp: 'match `vlan_tci[13..15]`',
  ip_dscp: 'match `nw_tos`, which is four times the DSCP',
};

/** Would the term go if the words stood at the beginning of the learned match? */
function mends(remedy: Remedy, { prerequisite, constants }: Lack): boolean {
  const implied = termsOf(remedy);
  if (implied.length === 0) return false;
  const contradicted = implied.some((t) =>
    constants.some((c) => c.field === t.field && c.mask === null && c.value !== t.value),
  );
  if (contradicted) return false;
  return unmet(prerequisite, stateOfMatch([...constants, ...implied])) === null;
}

function termsOf({ protocol, term }: Remedy): MatchField[] {
  const terms = (protocol === undefined ? [] : impliedTerms(protocol)).map((t): MatchField => ({
    ...t,
    mask: null,
  }));
  if (term === undefined) return terms;
  const inBits = IN_BITS[term];
  if (inBits !== undefined) return [...terms, inBits.says];
  const [name = '', word = ''] = term.split(' = ');
  const f = fieldByName(name);
  const value = f === undefined ? undefined : valueName(f, word)?.value;
  return f === undefined || value === undefined ? terms : [...terms, { field: f.name, value, mask: null }];
}

/** Remedies with a mask, as a learned flow says them. */
const IN_BITS: Readonly<Record<string, { readonly words: string; readonly says: MatchField }>> = {
  'vlan_tci = 0x1000/0x1000': {
    words: 'vlan_tci[12] = 1',
    says: { field: 'vlan_tci', value: VLAN_PRESENT, mask: VLAN_PRESENT },
  },
  'ct_state = +trk-inv': {
    words: 'ct_state[5] = 1; ct_state[4] = 0',
    says: { field: 'ct_state', value: 0x20n, mask: 0x30n },
  },
};

function wordsOf({ protocol, term }: Remedy): string {
  const own = term === undefined ? undefined : (IN_BITS[term]?.words ?? term);
  return [protocol, own].filter((w) => w !== undefined).join('; ');
}
