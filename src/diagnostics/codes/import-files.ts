/** WBF8250-8299: what `wbfc import` says of a file as a whole, and of the commands around its flows. */
import { define } from '../define.ts';

const SEE = `With \`--keep-going\` the rest is written all the same, and the line is in the result as a comment.`;

export const unexpanded = define<{ text: string }>({
  code: 'WBF8250',
  title: 'a variable in a flow',
  message: ({ text }) => `only the shell knows what \`${text}\` is: this flow cannot be read`,
  explanation: `\`wbfc import\` runs nothing and expands nothing: a flow must stand in the script as ovs-ofctl gets it.

Import the result instead: run the script and import what \`ovs-ofctl dump-flows\` prints.

${SEE}`,
});

export const otherCommand = define<{ name: string; more: number }>({
  code: 'WBF8251',
  severity: 'warning',
  title: 'a command that installs no flow',
  message: ({ name, more }) =>
    `\`${name}\` installs no flow and is left out${more === 0 ? '' : `, here and ${more} more time${more === 1 ? '' : 's'}`}`,
  explanation: `Of a shell script, only the commands of ovs-ofctl that add flows, groups, meters and tunnel options become a part of the
program. What else the script does (\`ovs-vsctl\`, \`ip\`, variables, output) has to stay in a script. It is reported once for each
command, so that nothing is lost unnoticed.`,
});

export const controlFlow = define<{ keyword: string }>({
  code: 'WBF8252',
  severity: 'warning',
  title: 'a loop or a condition around flows',
  message: ({ keyword }) =>
    `nothing is executed: what \`${keyword}\` decides is not known, and what stands inside is read once`,
  explanation: `Flows inside \`if\`, \`for\`, \`while\`, \`case\` and functions of a script are read as if they stood there alone. Where the shell
would choose between several, or repeat them with other values, import what it makes of them: the output of \`ovs-ofctl dump-flows\`.`,
});

export const unclosed = define<{ what: string }>({
  code: 'WBF8253',
  title: 'something in the script has no end',
  message: ({ what }) => `${what} is not closed; nothing behind it has been read`,
  explanation: `A quote or a here-document goes on to the end of the file, so that it is not known where the next command begins.`,
});

export const tooManyArguments = define<{ command: string }>({
  code: 'WBF8254',
  title: 'more than one flow for one command',
  message: ({ command }) => `\`${command}\` takes one argument behind the bridge, and this is another`,
  explanation: `ovs-ofctl refuses such a command. Mostly quotes are missing around a flow that has spaces in it:
\`ovs-ofctl add-flow br0 "ip actions=drop"\`.

${SEE}`,
});

export const missingArgument = define<{ command: string }>({
  code: 'WBF8255',
  title: 'a command without its argument',
  message: ({ command }) => `\`${command}\` wants a bridge and something behind it`,
  explanation: `ovs-ofctl refuses such a command: \`ovs-ofctl add-flow BRIDGE FLOW\`, \`ovs-ofctl add-flows BRIDGE FILE\`.

${SEE}`,
});

export const otherFile = define<{ name: string; piped: string | null }>({
  code: 'WBF8256',
  title: 'flows in another file',
  message: ({ name, piped }) =>
    piped === null
      ? `the flows are in \`${name}\`, which is not read`
      : `the flows come from \`${piped}\`, which is not executed`,
  explanation: `One import reads one file. Import the other one for itself, or put its contents in here, as a here-document behind
\`ovs-ofctl add-flows br0 -\`.

${SEE}`,
});

export const severalBridges = define<{ bridges: readonly string[] }>({
  code: 'WBF8257',
  title: 'flows of more than one bridge',
  message: ({ bridges }) =>
    `the flows are for ${bridges.length} bridges: ${bridges.join(', ')}; a program is for one`,
  explanation: `\`wbfc import --bridge NAME\` reads the flows of one of them and leaves the others out. Import each into a file of its own.`,
});

export const noSuchBridge = define<{ bridge: string; bridges: readonly string[] }>({
  code: 'WBF8258',
  title: 'no flows for that bridge',
  message: ({ bridge, bridges }) =>
    `nothing in this file is for the bridge ${bridge}${bridges.length === 0 ? ': it names none' : `; it names ${bridges.join(', ')}`}`,
  explanation: `\`--bridge\` chooses among the bridges that the commands of a script name.`,
});

export const deletesNothing = define({
  code: 'WBF8259',
  severity: 'warning',
  title: 'a deletion of what is not there',
  message: () => 'a program says what there is, not what to delete: this is left out',
  explanation: `Scripts often begin by deleting what an earlier run has left. \`wbfc push\` does this by itself: it replaces the flows, groups
and meters of the program, and touches nobody else's. To empty a bridge for good, keep \`ovs-ofctl del-flows\` in a script.`,
});

export const deletesFlows = define<{ count: number }>({
  code: 'WBF8260',
  severity: 'warning',
  title: 'a deletion of flows that stand above',
  message: ({ count }) =>
    `this deletes ${count === 1 ? 'a flow above: it is in the result as a comment' : `${count} flows above: they are in the result as comments`}`,
  explanation: `The import writes what is on the switch when the whole file has been worked through. A flow that is deleted again is not
part of it, and stands there as a comment.`,
});

export const cannotBeSaid = define<{ command: string }>({
  code: 'WBF8261',
  title: 'a change of what is there',
  message: ({ command }) =>
    `a program says what there is: a \`${command}\` of something that is there cannot be imported`,
  explanation: `Commands that change flows or groups that exist depend on what the switch has when they arrive. Import the outcome instead:
run the script and import what \`ovs-ofctl dump-flows\` and \`dump-groups\` print.

${SEE}`,
});

export const replacedFlow = define<{ priority: number }>({
  code: 'WBF8262',
  severity: 'warning',
  title: 'a flow that another one replaces',
  message: ({ priority }) =>
    `a later flow of the same table has this match and priority ${priority}: on the switch it replaces this one`,
  explanation: `A switch has one flow for each match and priority of a table: adding another replaces the first without a word. The first is
written as a comment.`,
});

export const existsAlready = define<{ what: string }>({
  code: 'WBF8263',
  severity: 'warning',
  title: 'something added twice',
  message: ({ what }) => `${what} is there already: the switch refuses this, and it is left out`,
  explanation: `Unlike a flow, a group, a meter or a tunnel option can be added once only.`,
});

export const external = define<{ what: string; ids: string }>({
  code: 'WBF8264',
  severity: 'warning',
  title: 'a group or a meter that is not in the file',
  message: ({ what, ids }) =>
    `the file does not say what ${what} ${ids} is: it is declared as somebody else's`,
  explanation: `Flows may use groups and meters that somebody else makes: \`group g7 = 7\` without a body declares one. It has to exist when the
flows are installed, and a push neither makes nor deletes it. To make it a part of the program, import the output of
\`ovs-ofctl dump-groups\` or \`dump-meters\` together with the flows.`,
});

export const namedTables = define<{ tables: string }>({
  code: 'WBF8265',
  severity: 'warning',
  title: 'tables without numbers',
  message: ({ tables }) =>
    `only the switch knows the numbers of its tables: they are numbered in the order of the pipeline (${tables})`,
  explanation: `The file calls tables by names that it gives no numbers to. The import numbers them such that every \`goto_table\` leads forward.
Put the numbers of your switch in; \`ovs-ofctl dump-tables\` prints them.`,
});

export const noNumbers = define({
  code: 'WBF8266',
  title: 'no numbers for these tables',
  message: () => 'there is no order of these tables in which every `goto_table` leads forward',
  explanation: `The file calls tables by names, and its flows go from one to another in a circle, or past the last number that there is
(253). A switch refuses that.`,
});

export const tunnelOption = define<{ fields: string }>({
  code: 'WBF8267',
  severity: 'warning',
  title: 'a tunnel option that the file does not tell of',
  message: ({ fields }) =>
    `the file does not say which option ${fields} stands for: see \`tunnel_metadata\` in the result`,
  explanation: `What \`tun_metadata0\` to \`63\` mean is set on the switch: class, type and length of an option of Geneve each. The import has made
room for them in the result, with a length that the flows' values fit. Put in what your switch has:
\`ovs-ofctl dump-tlv-map BRIDGE\` prints it; or import its output together with the flows.`,
});

export const notCompiled = define<{ code: string; message: string }>({
  code: 'WBF8268',
  title: 'a flow that the switch refuses',
  message: ({ code, message }) => `the compiler does not take this: ${message} (${code})`,
  explanation: `ovs-ofctl can read the line, but the compiler says no to what it means, mostly because the switch would refuse it. \`wbfc
explain\` says more about the code.

${SEE}`,
});

export const nothingFound = define({
  code: 'WBF8269',
  severity: 'warning',
  title: 'nothing to import',
  message: () => 'there is no flow, group or meter in this file',
  explanation: `\`wbfc import\` reads what \`ovs-ofctl add-flows\` reads, what its \`dump-\` commands print, and shell scripts with commands of ovs-ofctl
in them.`,
});

export const otherLine = define<{ more: number }>({
  code: 'WBF8270',
  severity: 'warning',
  title: 'a line that says nothing of flows',
  message: ({ more }) =>
    `this is neither a flow nor a group nor a meter, and is left out${more === 0 ? '' : `; so ${more === 1 ? 'is one more line' : `are ${more} more lines`}`}`,
  explanation: `Prompts, statistics of groups and meters, and messages of tools are no part of a program.`,
});
