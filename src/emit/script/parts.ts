/** The parts of a script beyond a bundle of flows. Functions of the shell that they share begin the body. */
import type { IdRange, MeterMod, ProgramIr } from '../../ir/types.ts';
import type { OpenFlowVersion } from '../../openflow/types.ts';
import { groupText, meterText, tlvText } from '../text/groups.ts';
import type { Dialect } from '../text/names.ts';
import { hex } from '../text/values.ts';

export interface Setting {
  readonly program: ProgramIr;
  readonly version: OpenFlowVersion;
  readonly words: Dialect;
  /** One line each. */
  readonly flows: string;
  /** The line that ends a document in the script; none of `flows` is it. */
  readonly end: string;
}

/** What is behind `<<`: the lines given, then the flows. */
export function document({ flows, end }: Setting, lines: readonly string[]): string {
  return `<<'${end}'\n${lines.map((line) => `${line}\n`).join('')}${flows}${end}\n`;
}

const cookies = ({ program }: Setting): string =>
  `cookie=${hex(program.cookies.value)}/${hex(program.cookies.mask)}`;

/** The TLV map, meters, and a bundle of groups and flows between those that are new and those that have changed. */
export function withResources(setting: Setting, ofctl: string): string {
  const { program } = setting;
  const meters = program.meters.length + program.meterIds.length > 0;
  return [
    functions(ofctl),
    ...(program.tlvs.length > 0 ? [tlvMap(setting)] : []),
    ...(meters ? [newMeters(setting)] : []),
    ...strayGroups(setting),
    bundle(setting),
    ...(meters ? [oldMeters(setting)] : []),
  ].join('\n');
}

function functions(ofctl: string): string {
  return `bridge=$1

ofctl() {
  ${ofctl} "$@"
}
`;
}

/** A mapping is looked for as dump-tlv-map prints it. */
function tlvMap({ program }: Setting): string {
  const wanted = program.tlvs.map((tlv) => {
    const row = `${hex(tlv.class)} ${hex(tlv.type)} ${tlv.length} tun_metadata${tlv.index}`;
    return `need_option '${row}' '${tlvText(tlv)}'`;
  });
  return `# The map of tunnel options: what is missing is added, and what others use stays.
options=$(ofctl -- dump-tlv-map "\${bridge}")
options=$(printf '%s\\n' "\${options}" | sed 's/  */ /g; s/$/ /')
missing=''
need_option() {
  case \${options} in
    *" $1 "*) ;;
    *) missing=\${missing},$2 ;;
  esac
}
${wanted.join('\n')}
if [ -n "\${missing}" ]; then
  ofctl -- add-tlv-map "\${bridge}" "\${missing#,}"
fi
`;
}

/** Does something for each number that is one of ours and that the program does not have. */
function forStrays(
  numbers: string,
  ranges: readonly IdRange[],
  declared: readonly number[],
  action: string,
): string {
  const ours = ranges.map(({ first, last }) => `{ [ "\${id}" -ge ${first} ] && [ "\${id}" -le ${last} ]; }`);
  const kept = declared.length === 0 ? '' : `    ${declared.join(' | ')}) continue ;;\n`;
  return `for id in ${numbers}; do
  case \${id} in
${kept}    *) ;;
  esac
  if ${ours.join(' || ')}; then
    ${action}
  fi
done
`;
}

function newMeters({ program }: Setting): string {
  const added = program.meters.map((meter) => `add_meter ${meter.id} '${meterText(meter)}'`);
  return `# Meters that are not there yet; when the flows cannot be installed, they go again.
meters=$(ofctl -- dump-meters "\${bridge}")
meter_ids=$(printf '%s\\n' "\${meters}" | sed -n 's/^meter=\\([0-9]*\\) .*/\\1/p' | tr '\\n' ' ')
added=''
take_back() {
  status=$?
  trap - EXIT
  set +e
  for id in \${added}; do
    ofctl -- del-meters "\${bridge}" "meter=\${id}"
  done
  exit "\${status}"
}
trap take_back EXIT
trap 'exit 130' HUP INT TERM
add_meter() {
  case " \${meter_ids}" in
    *" $1 "*) ;;
    *)
      ofctl -- add-meter "\${bridge}" "$2"
      added="\${added} $1"
      ;;
  esac
}
${added.map((line) => `${line}\n`).join('')}`;
}

function strayGroups({ program }: Setting): string[] {
  if (program.groupIds.length === 0) return [];
  const declared = program.groups.map((group) => group.id);
  return [
    `# Groups of ours that the program no longer has.
groups=$(ofctl -- dump-groups "\${bridge}")
groups=$(printf '%s\\n' "\${groups}" | sed -n 's/^ *group_id=\\([0-9]*\\),.*/\\1/p')
old_groups=''
${forStrays('${groups}', program.groupIds, declared, 'old_groups="${old_groups} ${id}"')}`,
  ];
}

function bundle(setting: Setting): string {
  const { program, words, flows } = setting;
  const lines = [
    ...program.groups.map((group) => `group add_or_mod ${groupText(group, words)}`),
    `flow delete ${cookies(setting)}`,
  ];
  const added = { ...setting, flows: flows.replace(/^(?!#|$)/gm, 'flow add ') };
  const atOnce = '# All groups and flows at once, or none.\n';
  if (program.groupIds.length === 0)
    return `${atOnce}ofctl -- bundle "\${bridge}" - ${document(added, lines)}`;
  return `${atOnce}{
  cat ${document(added, lines)}
  for id in \${old_groups}; do
    printf 'group delete group_id=%s\\n' "\${id}"
  done
} | ofctl -- bundle "\${bridge}" -
`;
}

/** A meter as dump-meters prints it. */
function dumped({ id, unit, burst, stats, bands }: MeterMod): string {
  const head = [
    'meter=' + String(id),
    unit,
    ...(burst ? ['burst'] : []),
    ...(stats ? ['stats'] : []),
    'bands=',
  ];
  const rows = bands.map(({ type, rate, burstSize, precLevel }) =>
    [
      `type=${type}`,
      `rate=${rate}`,
      ...(burst ? [`burst_size=${burstSize}`] : []),
      ...(type === 'dscp_remark' ? [`prec_level=${precLevel}`] : []),
    ].join(' '),
  );
  return [head.join(' '), ...rows].join('\n');
}

function oldMeters({ program }: Setting): string {
  const changed = program.meters.map(
    (meter) => `change_meter ${meter.id} '${meterText(meter)}' '${dumped(meter)}'`,
  );
  const declared = program.meters.map((meter) => meter.id);
  const strays =
    program.meterIds.length === 0
      ? ''
      : forStrays(
          '${meter_ids}',
          program.meterIds,
          declared,
          'ofctl -- del-meters "${bridge}" "meter=${id}"',
        );
  return `# The flows are there: meters that were there before become what they shall be, and old ones go.
added=''
change_meter() {
  case " \${meter_ids}" in
    *" $1 "*) ;;
    *) return ;;
  esac
  case "\${meters}
" in
    *"$3
"*) ;;
    *) ofctl -- mod-meter "\${bridge}" "$2" ;;
  esac
}
${changed.map((line) => `${line}\n`).join('')}${strays}`;
}

/** Without bundles: groups, then flows, then what is left. OpenFlow 1.1 cannot delete in all tables at once. */
export function stepByStep(setting: Setting, ofctl: string): string {
  const { program, version, words } = setting;
  const groups = program.groups.map(
    (group) => `ofctl --may-create -- mod-group "\${bridge}" '${groupText(group, words)}'`,
  );
  const flows =
    version === '1.1'
      ? `{
  table=0
  while [ "\${table}" -lt 255 ]; do
    echo "delete table=\${table},${cookies(setting)}"
    table=$((table + 1))
  done
  cat ${document(setting, [])}
} | ofctl -- add-flows "\${bridge}" -
`
      : `ofctl -- add-flows "\${bridge}" - ${document(setting, [`delete ${cookies(setting)}`])}`;
  return [
    functions(ofctl),
    ...(program.tlvs.length > 0 ? [tlvMap(setting)] : []),
    ...(groups.length > 0 ? [`${groups.join('\n')}\n`] : []),
    ...strayGroups(setting),
    flows,
    ...(program.groupIds.length > 0
      ? [
          `for id in \${old_groups}; do
  ofctl -- del-groups "\${bridge}" "group_id=\${id}"
done
`,
        ]
      : []),
  ].join('\n');
}
