# SPDX-License-Identifier: ISC
# fish completion of ns-join(1)

# Sets operands to the words behind the options; fails while an option lacks its argument.
function __fish_ns_join_operands --no-scope-shadowing
    set -l argv (commandline -opc)
    set -e argv[1]
    argparse -s 't/target=' a/all 'm/mount=?' 'u/uts=?' 'i/ipc=?' 'n/net=?' 'p/pid=?' 'U/user=?' 'C/cgroup=?' 'T/time=?' 'S/setuid=' 'G/setgid=' 'r/root=?' 'w/wd=?' e/env F/no-fork 'pid-file=' d/detach x/explain h/help V/version -- $argv 2>/dev/null
    or return
    set operands $argv
end

function __fish_ns_join_options
    set -l operands
    not __fish_ns_join_operands; or not set -q operands[1]
end

function __fish_ns_join_command
    set -l operands
    __fish_ns_join_operands; or return
    set -l command $operands (commandline -ct)
    string match -q -- '-*' $command[1]; or __fish_complete_subcommand --commandline $command
end

complete -c ns-join -f
complete -c ns-join -n __fish_ns_join_options -s t -l target -x -a '(__fish_complete_pids)' -d 'the process whose namespaces to join'
complete -c ns-join -n __fish_ns_join_options -s a -l all -d 'join all that are not ours already'
complete -c ns-join -n __fish_ns_join_options -s m -l mount -F -d 'join the mount namespace; FILE: the one it stands for'
complete -c ns-join -n __fish_ns_join_options -s u -l uts -F -d 'the UTS namespace'
complete -c ns-join -n __fish_ns_join_options -s i -l ipc -F -d 'the IPC namespace'
complete -c ns-join -n __fish_ns_join_options -s n -l net -F -d 'the network namespace'
complete -c ns-join -n __fish_ns_join_options -s p -l pid -F -d 'the PID namespace'
complete -c ns-join -n __fish_ns_join_options -s U -l user -F -d 'the user namespace'
complete -c ns-join -n __fish_ns_join_options -s C -l cgroup -F -d 'the cgroup namespace'
complete -c ns-join -n __fish_ns_join_options -s T -l time -F -d 'the time namespace'
complete -c ns-join -n __fish_ns_join_options -s S -l setuid -x -d 'become that user'
complete -c ns-join -n __fish_ns_join_options -s G -l setgid -x -d 'become that group'
complete -c ns-join -n __fish_ns_join_options -s r -l root -a '(__fish_complete_directories)' -d 'take the target\'s root directory, or DIR'
complete -c ns-join -n __fish_ns_join_options -s w -l wd -a '(__fish_complete_directories)' -d 'take the target\'s working directory, or DIR'
complete -c ns-join -n __fish_ns_join_options -s e -l env -d 'take the target\'s environment'
complete -c ns-join -n __fish_ns_join_options -s F -l no-fork -d 'with --pid, do not fork: only children are in it'
complete -c ns-join -n __fish_ns_join_options -l pid-file -r -F -d 'write COMMAND\'s PID to FILE once it runs'
complete -c ns-join -n __fish_ns_join_options -s d -l detach -d 'print that PID and return once COMMAND runs'
complete -c ns-join -n __fish_ns_join_options -s x -l explain -d 'say each kernel call as it is made'
complete -c ns-join -n __fish_ns_join_options -s h -l help -d 'print this help'
complete -c ns-join -n __fish_ns_join_options -s V -l version -d 'print the version'
complete -c ns-join -a '(__fish_ns_join_command)'
