/** What a version of OpenFlow has no way to say; what versions have is what Open vSwitch 3.1 takes in them. */
import type { Span } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/versions.ts';
import type { Details } from '../diagnostics/define.ts';
import type { Label } from '../diagnostics/types.ts';
import type { ExpandedItem } from '../expand/types.ts';
import { fitsFixedMatch } from '../ir/fixed-match.ts';
import { saysNothing } from '../ir/oxm.ts';
import type { Action, MatchField } from '../ir/types.ts';
import { versionsOf } from '../ir/versions.ts';
import { actionInfo, actionVersions } from '../openflow/actions.ts';
import type { ActionName } from '../openflow/actions.ts';
import { ETH_TYPE } from '../openflow/protocols.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { WIRE_VERSION } from '../openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../openflow/versions.ts';
import { elements, propertyName, wordOf } from './properties.ts';
import { placeOf, report } from './report.ts';
import type { Reporter } from './report.ts';
import type { CheckedMatch, Scope } from './types.ts';

interface VersionContext extends Reporter {
  readonly scope: Pick<Scope, 'version'>;
}

/** As ovs-vsctl(8) writes a version: `OpenFlow13`. */
export function protocolName(version: OpenFlowVersion): string {
  return `OpenFlow${version.replace('.', '')}`;
}

/** The newest version that a `bridge` lists in its `protocols`; null where none does. */
export function newestOffered(items: readonly ExpandedItem['decl'][]): OpenFlowVersion | null {
  const bridge = items.find((item) => item.kind === 'bridge');
  const protocols = bridge?.attributes.find((s) => propertyName(s) === 'protocols');
  if (protocols?.kind !== 'relation') return null;
  const words = elements(protocols.value).map(wordOf);
  return OPENFLOW_VERSIONS.findLast((v) => words.includes(protocolName(v))) ?? null;
}

/** The first later version of which that is true; null where it is of none. */
export function firstLater(
  version: OpenFlowVersion,
  has: (version: OpenFlowVersion) => boolean,
): OpenFlowVersion | null {
  return OPENFLOW_VERSIONS.find((v) => WIRE_VERSION[v] > WIRE_VERSION[version] && has(v)) ?? null;
}

export function isBefore(version: OpenFlowVersion, other: OpenFlowVersion): boolean {
  return WIRE_VERSION[version] < WIRE_VERSION[other];
}

/** What ovs-ofctl answers to most of what its version cannot say. */
const NO_FORMAT = 'ovs-ofctl answers "none of the usable flow formats is among the allowed flow formats"';

/** Reports what of a match the version cannot say; only 1.1 has a match that is poorer than that of 1.5. */
export function checkMatchVersion(ctx: VersionContext, match: CheckedMatch, block: Span): void {
  const { version } = ctx.scope;
  if (version !== '1.1' || !match.sound) return;
  const ipv6 = match.fields.find((t) => t.field === 'eth_type' && t.value === BigInt(ETH_TYPE.ipv6));
  for (const term of match.fields) {
    if (saysNothing(term) || fitsFixedMatch(term, match.fields)) continue;
    const whole = { ...term, mask: null } satisfies MatchField;
    const what: 'mask' | 'match' =
      term.mask !== null && fitsFixedMatch(whole, match.fields) ? 'mask' : 'match';
    const inIpv4 = fitsFixedMatch(
      term,
      match.fields.filter((t) => t !== ipv6),
    );
    const silent = term.field === 'nw_ecn';
    const notes = [
      silent ? 'ovs-ofctl leaves it out without a word: the flow would match other packets too' : NO_FORMAT,
    ];
    const under = ipv6 !== undefined && inIpv4 ? 'IPv6' : undefined;
    const at = match.sources.get(term.field);
    const params = {
      field: term.field,
      version,
      first: '1.2' as const,
      what,
      under,
    };
    report(ctx, codes.fieldSince, params, at?.span ?? block, {
      notes,
      related: under === undefined ? [] : related(match, 'eth_type', 'the match says IPv6'),
    });
  }
}

function related(match: CheckedMatch, field: MatchField['field'], message: string): Label[] {
  const at = match.sources.get(field);
  return at === undefined ? [] : [{ ...placeOf(at), message }];
}

/** Reports an action that the version does not have. */
export function checkActionVersion(ctx: VersionContext, action: Action, name: string, span: Span): void {
  const { version } = ctx.scope;
  if (version === '1.5' || action.kind === 'set_field') return;
  // These ovs-ofctl sends in every version.
  const sent = action.kind === 'dec_nsh_ttl' || action.kind === 'decap';
  const details: Details = sent ? { switchError: 'OFPBAC_BAD_VENDOR_TYPE' } : { notes: [NO_FORMAT] };
  lacks(ctx, versionsOf(action), `\`${name}\``, span, details);
}

/** Reports an instruction that the version does not have. */
export function checkInstructionVersion(ctx: VersionContext, name: ActionName, span: Span): void {
  lacks(ctx, actionVersions(actionInfo(name)), `\`${name}\``, span, {
    notes: ['ovs-ofctl leaves it out without a word'],
  });
}

function lacks(
  ctx: VersionContext,
  versions: readonly OpenFlowVersion[],
  action: string,
  span: Span,
  details: Details,
): void {
  const { version } = ctx.scope;
  if (versions.includes(version)) return;
  const first = firstLater(version, (v) => versions.includes(v));
  report(ctx, codes.actionSince, { action, version, first }, span, details);
}

/** In 1.0 `goto` becomes a resubmit, behind which no metadata can be written: that is the last action. */
export function checkMetadataVersion(ctx: VersionContext, metadata: Span, target: Span): void {
  if (ctx.scope.version !== '1.0') return;
  report(ctx, codes.metadataAndGoto, {}, metadata, {
    related: [{ ...placeOf({ file: ctx.file, span: target }), message: 'goes on from here' }],
    help: 'write `metadata = …`, which is an action like others',
  });
}

/** Reports an attribute of a flow that came later than the version. */
export function checkAttributeVersion(
  ctx: VersionContext,
  what: string,
  first: OpenFlowVersion,
  span: Span,
  note: string = NO_FORMAT,
): void {
  const { version } = ctx.scope;
  if (isBefore(version, first))
    report(ctx, codes.attributeSince, { what, version, first }, span, { notes: [note] });
}

/** Reports what a group needs that the version lacks; `selection` is where a method of selection stands. */
export function checkGroupVersion(ctx: VersionContext, name: Span, selection: Span | null): void {
  const { version } = ctx.scope;
  if (version === '1.0') {
    report(ctx, codes.noGroups, { what: 'groups', version, first: '1.1' }, name, {
      help: 'refer to a group that somebody else makes: `group NAME = ID` without a body',
    });
  } else if (selection !== null && isBefore(version, '1.5')) {
    const what = '`selection_method`';
    report(ctx, codes.noGroups, { what, version, first: '1.5' }, selection, {
      notes: ['ovs-ofctl leaves it out without a word, and the switch chooses as it likes'],
    });
  }
}

export function checkMeterVersion(ctx: VersionContext, name: Span): void {
  const { version } = ctx.scope;
  if (!isBefore(version, '1.3')) return;
  report(ctx, codes.noGroups, { what: 'meters', version, first: '1.3' }, name);
}

/** The messages for the map are an extension, which OpenFlow 1.1 is without. */
export function checkTunnelVersion(ctx: VersionContext, keyword: Span): void {
  const { version } = ctx.scope;
  if (version !== '1.1') return;
  report(ctx, codes.noGroups, { what: 'map of tunnel options', version, first: '1.2' }, keyword);
}
