/** What to write into a match so that an action has what it needs. */
import type { Block, FlowDecl, Span, Statement } from '../../grammar/ast.ts';
import type { Fix } from '../diagnostics/types.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import { nameOfValue } from '../openflow/names.ts';
import { ETH_TYPE, impliedTerms, isProtocolName } from '../openflow/protocols.ts';
import type { ProtocolName, Remedy } from '../openflow/protocols.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { addTerms } from './match-remedies.ts';
import { replaceFix } from './report.ts';
import type { PacketState } from './state.ts';
import type { CheckedMatch, FlowContext } from './types.ts';

/** The flow that `miss = …` stands for has no match in the source. */
const isMiss = (flow: FlowDecl): boolean => flow.matches.every((block) => block.keyword === null);

export function helpFor(flow: FlowDecl, prerequisite: PrerequisiteName, remedies: readonly Remedy[]): string {
  if (isMiss(flow)) return '`miss` takes every packet: write a flow with a `match` instead';
  const words = remedies.map(({ protocol, term }) =>
    [protocol, term].flatMap((w) => (w === undefined ? [] : [`\`${w}\``])).join(' and '),
  );
  const add = `add ${words.join(' or ')} to the match`;
  return prerequisite === 'VLAN VID' ? `push a tag first with \`push_vlan 0x8100\`, or ${add}` : add;
}

/** Writes the remedy into the match; undefined where it is one of two ways that differ in meaning. */
export function fixFor(
  ctx: FlowContext,
  match: CheckedMatch,
  start: PacketState,
  remedy: Remedy,
): Fix | undefined {
  const { protocol, term } = remedy;
  // Without a tag in the match, `push_vlan` is as likely to be what is meant.
  if (isMiss(ctx.flow) || term?.startsWith('vlan') === true) return undefined;
  const said = protocol === undefined ? [] : impliedTerms(protocol).filter((t) => t.field === 'eth_type');
  const block = ctx.flow.matches.find((b) => b.span.start < match.insertAt && match.insertAt <= b.span.end);
  if (protocol !== undefined && said.some((t) => Number(t.value) === start.ethType)) {
    const old = bareProtocol(block, start.ethType);
    if (old !== undefined && term === undefined) {
      return replaceFix(ctx, `Write \`${protocol}\` instead of \`${old.name}\``, old.span, protocol);
    }
  }
  const words = [...(protocol === undefined ? [] : [missingWords(protocol, start)]), term].filter(
    (w) => w !== undefined && w !== '',
  );
  return block === undefined ? undefined : addTerms(ctx, block, words.join('; '));
}

const IN_ARP: Readonly<Record<string, string>> = { ip_src: 'arp_spa', ip_dst: 'arp_tpa' };

/** The addresses of ARP where those of IPv4 have been written, if these are all there is to it. */
export function arpFix(
  ctx: FlowContext,
  start: PacketState,
  needs: readonly { readonly subject: string; readonly span: Span }[],
): Fix[] {
  if (start.ethType !== ETH_TYPE.arp && start.ethType !== ETH_TYPE.rarp) return [];
  const words = needs.map(({ subject }) => {
    const [, name = '', bits = ''] = /^`(\w+)(\[.*\])?`$/.exec(subject) ?? [];
    const instead = IN_ARP[fieldByName(name)?.name ?? ''];
    return instead === undefined ? undefined : instead + bits;
  });
  const edits = needs.flatMap(({ span }, i) => {
    const word = words[i];
    return word === undefined ? [] : replaceFix(ctx, '', span, word).edits;
  });
  if (edits.length < needs.length) return [];
  return [{ title: `Write ${[...new Set(words)].map((w) => `\`${w}\``).join(' and ')}`, edits }];
}

/** The protocol, or only its ip_proto where the match has the eth_type. */
function missingWords(protocol: ProtocolName, start: PacketState): string {
  if (start.ethType === 0) return protocol;
  const proto = impliedTerms(protocol).find((t) => t.field === 'nw_proto');
  if (proto === undefined || start.ipProto !== 0) return '';
  return `ip_proto = ${nameOfValue(field('nw_proto'), proto.value) ?? proto.value.toString()}`;
}

function bareProtocol(block: Block | undefined, ethType: number): { name: string; span: Span } | undefined {
  const found = block?.statements.find(
    (s: Statement) => s.kind === 'command' && sayOnly(s.name.text, ethType),
  );
  return found?.kind === 'command' ? { name: found.name.text, span: found.name.span } : undefined;
}

/** Does the word stand for this eth_type and nothing else? */
function sayOnly(word: string, ethType: number): boolean {
  if (!isProtocolName(word)) return false;
  const [first, ...rest] = impliedTerms(word);
  return rest.length === 0 && first?.field === 'eth_type' && Number(first.value) === ethType;
}
