# SPDX-License-Identifier: ISC
# fish completion for ns-lab

complete -c ns-lab -f
complete -c ns-lab -n 'not __fish_seen_subcommand_from list run' -l tap -d 'with claims: print the results as TAP'
complete -c ns-lab -n 'not __fish_seen_subcommand_from list run' -s v -l verbose -d 'with claims: show the commands and the answers'
complete -c ns-lab -n __fish_use_subcommand -s x -l explain -d 'say each kernel call of what is run'
complete -c ns-lab -n __fish_use_subcommand -s h -l help -d 'print this help'
complete -c ns-lab -n __fish_use_subcommand -s V -l version -d 'print the version'
complete -c ns-lab -n __fish_use_subcommand -a list -d 'the experiments and what each shows'
complete -c ns-lab -n __fish_use_subcommand -a run -d 'run them, by default all'
complete -c ns-lab -n __fish_use_subcommand -a claims -d 'check those whose ID begins so, by default all'
complete -c ns-lab -n '__fish_seen_subcommand_from claims' -a 'OV- MNT- PIV- UTS- PID- X-'
complete -c ns-lab -n '__fish_seen_subcommand_from run' -a '(ns-lab list 2>/dev/null | string replace -r " +" \t)'
