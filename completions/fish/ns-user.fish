# SPDX-License-Identifier: ISC
# fish completion of ns-user(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_user_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s r/map-root c/map-current a/auto 'u/uid-map=+' 'g/gid-map=+' K/keep-caps x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_user_options
    set -l operands
    not __fish_ns_user_operands; or not set -q operands[1]
end

function __fish_ns_user_command
    set -l operands
    __fish_ns_user_operands; or return
    set -l command $operands (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-user -f
complete -c ns-user -n __fish_ns_user_options -s r -l map-root -d 'be root in it (default)'
complete -c ns-user -n __fish_ns_user_options -s c -l map-current -d 'keep the current user and group IDs in it'
complete -c ns-user -n __fish_ns_user_options -s a -l auto -d 'be root, and map the subordinate IDs too'
complete -c ns-user -n __fish_ns_user_options -s u -l uid-map -x -d 'map these user IDs; repeatable'
complete -c ns-user -n __fish_ns_user_options -s g -l gid-map -x -d 'map these group IDs; repeatable'
complete -c ns-user -n __fish_ns_user_options -s K -l keep-caps -d 'keep the capabilities when not root in it'
complete -c ns-user -n __fish_ns_user_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-user -n __fish_ns_user_options -s h -l help -d 'print this help'
complete -c ns-user -n __fish_ns_user_options -s V -l version -d 'print the version'
complete -c ns-user -a '(__fish_ns_user_command)'
