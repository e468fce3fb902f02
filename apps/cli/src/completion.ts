// Scripts that complete the command in bash, zsh and fish, from its own description and the names of the registries.
import { GanKitError } from '@gankit/core/error';
import type { Command, Option } from 'commander';
import names from './part-names.json' with { type: 'json' };

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface CompletedOption {
  /** Without its dashes. */
  readonly name: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** What its value may be; nothing when it is a path, a number or a text. */
  readonly values: readonly string[];
}

interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  /** Its own, and those of the commands below it. */
  readonly options: readonly CompletedOption[];
  /** The names of the commands below it. */
  readonly below: readonly string[];
}

/** The options of a command and of those below it, each name once. */
function optionsWithAllBelow(command: Command): readonly Option[] {
  const options = [...command.options, ...command.commands.flatMap(optionsWithAllBelow)];
  return [...new Map(options.map((option) => [option.long, option])).values()];
}

/** What there is to complete. */
function completed(program: Command): readonly CompletedCommand[] {
  const known: Readonly<Record<string, readonly string[]>> = names;
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description().split('\n')[0]!,
    below: command.commands.map((below) => below.name()),
    options: optionsWithAllBelow(command).flatMap(({ long, description, required, optional, argChoices }) => {
      if (!long) return [];
      const name = long.slice(2);
      return [{ name, description, takesValue: required || optional, values: argChoices ?? known[name] ?? [] }];
    }),
  }));
}

function bash(commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => option.values.length > 0)
      .map((option) => `    '${name} --${option.name}') words='${option.values.join(' ')}' ;;`),
  );
  const flags = commands.map(
    ({ name, options }) => `      ${name}) words='${options.map((option) => `--${option.name}`).join(' ')} --help' ;;`,
  );
  const groups = commands.filter(({ below }) => below.length > 0);
  const below = groups.map((group) => `      ${group.name}) words='${group.below.join(' ')}' ;;`);
  return `# Completes gankit in bash: source <(gankit completion bash)
_gankit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${commands.map(({ name }) => name).join(' ')}'
  else
    case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
    esac
    if [ -z "$words" ] && [ "$COMP_CWORD" -eq 2 ]; then
      case "\${COMP_WORDS[1]}" in
${below.join('\n')}
      esac
    fi
    if [ "\${current:0:1}" = - ]; then
      case "\${COMP_WORDS[1]}" in
${flags.join('\n')}
      esac
    fi
  fi
  # Nothing to say: bash completes paths.
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -F _gankit gankit
`;
}

/** Text within single quotes of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
/** Text within the brackets of a specification of zsh. */
const zshText = (text: string) => text.replaceAll(/[[\]:\\]/g, (sign) => `\\${sign}`);

function zsh(commands: readonly CompletedCommand[]): string {
  const list = commands.map(({ name, description }) => `    ${quoted(`${name}:${zshText(description)}`)}`);
  const cases = commands.map(({ name, options, below }) => {
    const first = below.length > 0 ? [`      '1:command:(${below.join(' ')})'`] : [];
    const specifications = options.map(({ name: option, description, takesValue, values }) => {
      const value = values.length > 0 ? `:name:(${values.join(' ')})` : ':value:_files';
      return `      ${quoted(`*--${option}[${zshText(description)}]${takesValue ? value : ''}`)}`;
    });
    return `    ${name})\n      _arguments ${['', ...first, ...specifications, "      '*:file:_files'"].join(' \\\n')} ;;`;
  });
  return `#compdef gankit
# Completes gankit in zsh: source <(gankit completion zsh), or save it as _gankit in a folder of $fpath
_gankit() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _gankit ]; then _gankit "$@"; else compdef _gankit gankit; fi
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options, below }) => [
    `complete -c gankit -f -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ...(below.length > 0
      ? [
          `complete -c gankit -f -n '__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${below.join(' ')}' -a ${quoted(below.join(' '))}`,
        ]
      : []),
    ...options.map(({ name: option, description: about, takesValue, values }) => {
      const value = takesValue ? (values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ' -r') : '';
      return `complete -c gankit -n '__fish_seen_subcommand_from ${name}' -l ${option}${value} -d ${quoted(about)}`;
    }),
  ]);
  return `# Completes gankit in fish: gankit completion fish | source\n${lines.join('\n')}\n`;
}

/**
 * The script that completes a program in a shell.
 * @throws GanKitError `unknown-name` for a shell that it does not know.
 */
export function completionScript(shell: string, program: Command): string {
  const commands = completed(program);
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    default:
      throw new GanKitError(
        'unknown-name',
        `There is no completion for '${shell}'; choose one of: ${shells.join(', ')}`,
        {
          value: shell,
        },
      );
  }
}
