# SPDX-License-Identifier: ISC
# fish completion for ns-lab

complete -c ns-lab -f
complete -c ns-lab -n __fish_use_subcommand -s x -l explain -d 'say each kernel call of the experiments'
complete -c ns-lab -n __fish_use_subcommand -s h -l help -d 'print this help'
complete -c ns-lab -n __fish_use_subcommand -s V -l version -d 'print the version'
complete -c ns-lab -n __fish_use_subcommand -a list -d 'the experiments and what each shows'
complete -c ns-lab -n __fish_use_subcommand -a run -d 'run them, by default all'
complete -c ns-lab -n '__fish_seen_subcommand_from run' -a '(ns-lab list 2>/dev/null | string replace -r " +" \t)'
