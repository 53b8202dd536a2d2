# SPDX-License-Identifier: ISC
# fish completion of ns-tmpfs(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_tmpfs_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 'o/options=+' 'p/propagation=' k/keep x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_tmpfs_options
    set -l operands
    not __fish_ns_tmpfs_operands; or not set -q operands[1]
end

function __fish_ns_tmpfs_operand
    set -l operands
    __fish_ns_tmpfs_operands; and not set -q operands[1]
end

function __fish_ns_tmpfs_command
    set -l operands
    __fish_ns_tmpfs_operands; or return
    set -l command $operands[2..] (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-tmpfs -f
complete -c ns-tmpfs -n __fish_ns_tmpfs_options -s o -l options -x -a '(__fish_append , size= mode= noexec)' -d 'size=BYTES[k|m|g|%],mode=OCTAL,noexec'
complete -c ns-tmpfs -n __fish_ns_tmpfs_options -s p -l propagation -x -a 'slave private shared unchanged' -d 'slave (default), private, shared or unchanged'
complete -c ns-tmpfs -n __fish_ns_tmpfs_options -s k -l keep -d 'act in the current namespace; COMMAND is optional'
complete -c ns-tmpfs -n __fish_ns_tmpfs_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-tmpfs -n __fish_ns_tmpfs_options -s h -l help -d 'print this help'
complete -c ns-tmpfs -n __fish_ns_tmpfs_options -s V -l version -d 'print the version'
complete -c ns-tmpfs -n __fish_ns_tmpfs_operand -a '(__fish_complete_directories)'
complete -c ns-tmpfs -n 'not __fish_ns_tmpfs_operand' -a '(__fish_ns_tmpfs_command)'
