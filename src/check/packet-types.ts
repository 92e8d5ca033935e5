/** Which ports of a bridge take and deliver packets without an Ethernet header (ovs-vswitchd.conf.db(5), "packet_type"). */
import type { PortDecl, RelationStatement, Statement } from '../../grammar/ast.ts';
import { bareInput, bareOutput } from '../diagnostics/codes/packet-types.ts';
import type { MatchField } from '../ir/types.ts';
import type { ActionList } from './action-list.ts';
import { label, report } from './report.ts';
import { propertyName, wordOf } from './properties.ts';
import { UNKNOWN_PACKET } from './state.ts';
import type { Located, PortSymbol, Scope } from './types.ts';

/**
 * `legacy_l2` has Ethernet only; `legacy_l3` sends what is in it, and shows what comes in as Ethernet; `ptap`, packet-type
 * aware, sends and delivers packets as they are.
 */
export const PACKET_MODES = ['legacy_l2', 'legacy_l3', 'ptap'] as const;
export type PacketMode = (typeof PACKET_MODES)[number];

/** Tunnels that carry no Ethernet unless asked to (seen on OVS 3.1.0). */
const LAYER_3: readonly string[] = ['lisp', 'gtpu', 'bareudp'];

/** `packet_type = …` in the `options` of a port. */
export function packetTypeOption(statements: readonly Statement[]): RelationStatement | undefined {
  return statements.find(
    (s): s is RelationStatement => s.kind === 'relation' && propertyName(s) === 'packet_type',
  );
}

/** How a port is declared to be; null where its declaration does not say. */
export function packetMode({ body }: PortDecl): PacketMode | null {
  if (body === null) return null;
  let type: string | null = null;
  let mode: PacketMode | null = null;
  for (const s of body.statements) {
    if (s.kind === 'relation' && propertyName(s) === 'type') type = wordOf(s.value);
    else if (s.kind === 'command' && s.name.text === 'options') {
      const option = packetTypeOption(s.block?.statements ?? []);
      const word = option === undefined ? null : wordOf(option.value);
      mode = PACKET_MODES.find((m) => m === word) ?? mode;
    }
  }
  if (mode !== null || type === null) return mode;
  return LAYER_3.includes(type) ? 'legacy_l3' : 'legacy_l2';
}

/** A packet without an Ethernet header does not go out of a port for Ethernet. */
export function checkOutput(list: ActionList, port: number, at: Located): void {
  const { packetType } = list.state;
  if (!list.known || !list.judged || packetType === 0 || packetType === UNKNOWN_PACKET) return;
  const symbol = ethernetPort(list.ctx.scope, port);
  if (symbol === undefined) return;
  report(list.ctx, bareOutput, { port: symbol.name }, at.span, {
    related: [label(symbol, 'declared here')],
    help: 'put a header before it with `encap(ethernet)`',
  });
}

/** No packet without an Ethernet header comes in by a port for Ethernet. */
export function checkInput(
  ctx: Parameters<typeof report>[0] & { readonly scope: Scope },
  fields: readonly MatchField[],
  sources: ReadonlyMap<MatchField['field'], Located>,
): void {
  const bare = fields.find((t) => t.field === 'packet_type' && t.value !== 0n);
  const from = fields.find((t) => t.field.startsWith('in_port') && t.mask === null);
  const at = sources.get('packet_type');
  if (bare === undefined || from === undefined || at === undefined) return;
  const symbol = ctx.scope.portByNumber(Number(from.value));
  const mode = symbol === undefined ? null : packetMode(symbol.decl);
  if (symbol === undefined || mode === null || mode === 'ptap') return;
  report(ctx, bareInput, { port: symbol.name }, at.span, { related: [label(symbol, 'declared here')] });
}

function ethernetPort(scope: Scope, port: number): PortSymbol | undefined {
  const symbol = scope.portByNumber(port);
  return symbol !== undefined && packetMode(symbol.decl) === 'legacy_l2' ? symbol : undefined;
}
