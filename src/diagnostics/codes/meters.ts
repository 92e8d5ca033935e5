/** WBF523x: meters. */
import { define } from '../define.ts';

const meter = (band: string, more = ''): string => `meter m = 1 {\n  unit = kbps${more}\n  ${band}\n}\n`;

export const bandCount = define<{ count: number }>({
  code: 'WBF5231',
  title: 'Meter with too few or too many bands',
  message: ({ count }) =>
    count === 0
      ? 'a meter needs at least one band'
      : `a meter has at most 8 bands, and this one has ${count}`,
  switchError: 'OFPMMFC_OUT_OF_BANDS',
  explanation: `A band says what happens to packets above a rate. Open vSwitch wants one, and its userspace datapath has room for 8 (that of Linux for 1).`,
  example: { bad: meter(''), good: meter('band drop { rate = 1000 }') },
});

export const unknownBand = define<{ found: string }>({
  code: 'WBF5232',
  title: 'Band of no type',
  message: ({ found }) =>
    `a meter has bands of type \`drop\` and \`dscp_remark\`${found === '' ? '' : `, not \`${found}\``}`,
  switchError: 'OFPMMFC_BAD_BAND',
  explanation: 'A band is written with its type: `band drop { rate = 1000 }`.',
  example: { bad: meter('band police { rate = 1000 }'), good: meter('band drop { rate = 1000 }') },
});

export const remarkUnsupported = define({
  code: 'WBF5233',
  title: 'Band that no datapath has',
  message: () => 'no datapath of Open vSwitch 3.1 can remark: it refuses a meter with a `dscp_remark` band',
  switchError: 'OFPMMFC_BAD_BAND',
  explanation: `OpenFlow has bands that change the DSCP of a packet instead of dropping it, and Open vSwitch can read them, but neither its userspace datapath nor
that of Linux can execute them: only \`drop\` is among the bands of \`ovs-ofctl meter-features\`.`,
  example: {
    bad: meter('band dscp_remark { rate = 1000; prec_level = 1 }'),
    good: meter('band drop { rate = 1000 }'),
  },
});

export const burstWithoutFlag = define({
  code: 'WBF5234',
  title: 'Burst that is not counted',
  message: () => '`burst_size` has a meaning in a meter with `flags = [burst]` only',
  explanation:
    'Without the flag a switch need not look at the size. `ovs-ofctl` refuses such a meter; Open vSwitch takes it.',
  example: {
    bad: meter('band drop { rate = 1000; burst_size = 100 }'),
    good: meter('band drop { rate = 1000; burst_size = 100 }', '\n  flags = [burst]'),
  },
});

export const burstWithoutSize = define({
  code: 'WBF5235',
  title: 'Burst without a size',
  message: () => 'the meter has `flags = [burst]`, and this band has no `burst_size`',
  explanation:
    'The flag says that each band has a burst size. `ovs-ofctl` refuses a band without; Open vSwitch would take the rate for it.',
  example: {
    bad: meter('band drop { rate = 1000 }', '\n  flags = [burst]'),
    good: meter('band drop { rate = 1000; burst_size = 100 }', '\n  flags = [burst]'),
  },
});

export const precLevelOfDrop = define({
  code: 'WBF5236',
  title: 'Precedence of a packet that is dropped',
  message: () => '`prec_level` is for bands of type `dscp_remark`',
  explanation:
    'It says by how much the drop precedence grows, which a packet that is dropped has no use for.',
  example: {
    bad: meter('band drop { rate = 1000; prec_level = 1 }'),
    good: meter('band drop { rate = 1000 }'),
  },
});
