/** What was found, as diagnostics at their places in the source. */
import { flowTooLarge } from '../diagnostics/codes/program.ts';
import {
  foreignFlow,
  foreignGroup,
  groupTooLong,
  meterTaken,
  noMeterId,
  refusedFlow,
  refusedGroup,
  refusedMeter,
  refusedTlv,
  tlvConflict,
  usedByOthers,
} from '../diagnostics/codes/push.ts';
import { make, type Details } from '../diagnostics/define.ts';
import type { Diagnostic, Place } from '../diagnostics/types.ts';
import type { OfpErrorName } from '../openflow/errors.ts';
import type { Finding, User } from './finding.ts';
import type { BindingRequest, PartOrigins, PushPlan, Tlv } from './plan.ts';
import { errorText } from './problem.ts';
import { virtualMeter } from './meters.ts';
import { formatRanges } from './ranges.ts';

type Source = BindingRequest & PartOrigins & Partial<Pick<PushPlan, 'origin' | 'tlvs'>>;

/** In the order of the source; those about what is on the switch only come first. */
export async function diagnosticsOf(findings: readonly Finding[], source: Source): Promise<Diagnostic[]> {
  const all = await Promise.all(findings.map((finding) => diagnosticOf(finding, source)));
  return all.sort((a, b) => a.place.file - b.place.file || a.place.start - b.place.start);
}

const NOWHERE: Place = { file: -1, start: 0, end: 0 };

async function diagnosticOf(finding: Finding, source: Source): Promise<Diagnostic> {
  const flow = (index: number): Place => source.origin?.(index) ?? NOWHERE;
  switch (finding.kind) {
    case 'refused': {
      const { part, index, names } = finding;
      const place = part === 'flow' ? flow(index) : source.originOf(part, index);
      const error = names.length === 1 ? null : errorText(finding);
      return make(REFUSED[part], { error }, place, await explained(names));
    }
    case 'too long': {
      const { part, index, bytes, limit } = finding;
      return part === 'flow'
        ? make(flowTooLarge, { bytes }, flow(index))
        : make(groupTooLong, { bytes, limit }, source.originOf('group', index));
    }
    case 'foreign flow': {
      const { index, cookie, table, priority } = finding;
      return make(foreignFlow, { cookie: hex(cookie), table, priority }, flow(index), {
        notes: ['to the switch they are one flow: adding ours would take the other one over without a word'],
        help: 'change the match or the priority, or take it over with --adopt',
      });
    }
    case 'foreign group':
      return make(foreignGroup, { id: finding.id }, source.originOf('group', finding.index), {
        help: 'state the ids that are ours (`groups = …` in the `program` block), or take it over with --adopt',
      });
    case 'in use':
      return make(usedByOthers, { what: finding.what, id: finding.id, by: userText(finding.by) }, NOWHERE, {
        notes: [
          finding.by.kind === 'flow'
            ? `with the ${finding.what} the switch would delete that flow`
            : 'its bucket would drop the packets that it sends there',
          finding.what === 'group'
            ? 'its id is one of ours, and the program has no group with it'
            : 'its id is one of ours, and the program has no meter with it or a changed one, which gets another id',
        ],
        help: `take ${finding.id} out of the ids of the program, or delete it all the same with --adopt`,
      });
    case 'tlv conflict': {
      const wanted = source.tlvs?.[finding.index];
      return make(
        tlvConflict,
        { wanted: wanted === undefined ? 'it' : tlvText(wanted), existing: tlvText(finding.existing) },
        source.originOf('tlv', finding.index),
        { help: 'use the field that the switch has for the option, or another field' },
      );
    }
    case 'no meter id': {
      const { name, id } = source.meters[finding.index] ?? { name: '', id: 0 };
      const virtual = virtualMeter(id);
      if (virtual !== null) {
        return make(noMeterId, { name, ranges: '' }, source.originOf('meter', finding.index), {
          notes: [`it is the switch's own meter \`${virtual}\`, which can have no other id`],
          help: `delete it from the switch first: \`ovs-ofctl -O OpenFlow15 del-meter BRIDGE meter=${virtual}\``,
        });
      }
      return make(
        noMeterId,
        { name, ranges: formatRanges(source.meterIds) },
        source.originOf('meter', finding.index),
        {
          help:
            source.meterIds.length === 0
              ? 'state a range of ids: `meters = …` in the `program` block'
              : 'widen `meters = …` in the `program` block',
        },
      );
    }
    case 'meter taken':
      return make(meterTaken, { id: finding.id }, source.originOf('meter', finding.index), {
        help: 'push again',
      });
  }
}

const REFUSED = { flow: refusedFlow, group: refusedGroup, meter: refusedMeter, tlv: refusedTlv } as const;

const hex = (cookie: bigint): string => `0x${cookie.toString(16)}`;

function userText(by: User): string {
  if (by.kind === 'group') return `a bucket of group ${by.id}, which is not ours`;
  const more = by.more === 0 ? '' : ` and by ${by.more} other flow${by.more === 1 ? '' : 's'}`;
  return `a flow that is not ours (cookie ${hex(by.cookie)}, table ${by.table})${more}`;
}

function tlvText({ class: oxmClass, type, length, index }: Tlv): string {
  const option = `class: 0x${oxmClass.toString(16)}, type: 0x${type.toString(16)}, len: ${length}`;
  return `tun_metadata${index} = {${option}}`;
}

/** The texts are many, and needed only when something is refused. */
async function explained(names: readonly OfpErrorName[]): Promise<Details> {
  const [name, second] = names;
  if (name === undefined) return {};
  const { ERROR_TEXTS } = await import('../openflow/error-texts.ts');
  const { says, advice } = ERROR_TEXTS[name];
  return { notes: [says], help: advice, ...(second === undefined ? { switchError: name } : {}) };
}
