# SPDX-License-Identifier: ISC
# fish completion of ns-bindmount(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_bindmount_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 'f/from=' 0/null r/read-only R/recursive 'o/options=+' 'p/propagation=' c/create 'i/inside=' k/keep x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
    if set -q _flag_from
        set -p operands - - # as if SOURCE and TARGET were there
    end
end

function __fish_ns_bindmount_options
    set -l operands
    not __fish_ns_bindmount_operands; or not set -q operands[1]; or test "$operands" = '- -'
end

function __fish_ns_bindmount_operand
    set -l operands
    __fish_ns_bindmount_operands; and not set -q operands[2]
end

function __fish_ns_bindmount_command
    set -l operands
    __fish_ns_bindmount_operands; or return
    set -l command $operands[3..] (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-bindmount -f
complete -c ns-bindmount -n __fish_ns_bindmount_options -s f -l from -r -F -d 'bind each SOURCE<tab>TARGET[<tab>OPTIONS] line of LIST'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s 0 -l null -d 'LIST is SOURCE<nul>TARGET<nul>...'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s r -l read-only -d 'nobody can write through the bind'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s R -l recursive -d 'with the mounts below SOURCE'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s o -l options -x -a '(__fish_append , ro rw nosuid nodev noexec noatime nosymfollow)' -d 'ro,rw,nosuid,nodev,noexec,noatime,nosymfollow'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s p -l propagation -x -a 'slave private shared unchanged' -d 'slave (default), private, shared or unchanged'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s c -l create -d 'make a missing TARGET and its parents'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s i -l inside -x -a '(__fish_complete_directories)' -d 'resolve TARGET as if DIR were the root directory'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s k -l keep -d 'act in the current namespace; COMMAND is optional'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s h -l help -d 'print this help'
complete -c ns-bindmount -n __fish_ns_bindmount_options -s V -l version -d 'print the version'
complete -c ns-bindmount -n __fish_ns_bindmount_operand -F
complete -c ns-bindmount -n 'not __fish_ns_bindmount_operand' -a '(__fish_ns_bindmount_command)'
