import type { Shell } from './shells.ts';

// Each script asks `tenon completion suggest` with the words up to the cursor, and gets a line for each candidate: the
// word, a tab, and what it is. Nothing that goes wrong is shown, since the user is in the middle of a line.

const bash = `# bash completion for tenon. Put this into ~/.bashrc:  source <(tenon completion bash)
_tenon() {
  local IFS=$'\\n' line words
  COMPREPLY=()
  # The line as it is typed: bash itself would cut words at colons.
  IFS=$' \\t\\n' read -r -a words <<< "\${COMP_LINE:0:COMP_POINT}"
  [[ "\${COMP_LINE:0:COMP_POINT}" == *' ' ]] && words+=('')
  local current="\${words[\${#words[@]}-1]}"
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(tenon completion suggest -- "\${words[@]:1}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
  elif [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
    # What is before the last colon is in the line already.
    local prefix="\${current%"\${current##*:}"}" index
    for index in "\${!COMPREPLY[@]}"; do COMPREPLY[index]="\${COMPREPLY[index]#"$prefix"}"; done
  fi
}
complete -F _tenon tenon
`;

const zsh = `#compdef tenon
# zsh completion for tenon. Put this into ~/.zshrc, after compinit:  source <(tenon completion zsh)
_tenon() {
  local line
  local -a described
  while IFS= read -r line; do
    # A colon ends the word in what _describe takes.
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(tenon completion suggest -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#described} )); then
    _describe -t values tenon described
  else
    _files
  fi
}
if (( \${+functions[compdef]} )); then compdef _tenon tenon; fi
`;

const fish = `# fish completion for tenon. Run once:  tenon completion fish > ~/.config/fish/completions/tenon.fish
function __tenon_suggest
  set -l words (commandline -opc) (commandline -ct)
  tenon completion suggest -- $words[2..-1] 2>/dev/null
end
complete -c tenon -e
complete -c tenon -f -a '(__tenon_suggest)'
complete -c tenon -n 'test (count (__tenon_suggest)) -eq 0' -F
`;

/** By shell. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
