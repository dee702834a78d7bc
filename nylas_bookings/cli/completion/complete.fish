# Completes the command nylas-bookings in fish.

function __nylas_bookings_words
    switch "$argv[1]"
    @words@
    end
end

# The kind of a word that follows a command: what comes after it.
function __nylas_bookings_kind
    for line in (__nylas_bookings_words "$argv[1]")
        set -l parts (string split \t -- $line)
        if test "$parts[1]" = "$argv[2]"
            echo $parts[2]
            return
        end
    end
end

# The words that can follow a command: its options, or its commands.
function __nylas_bookings_of
    for line in (__nylas_bookings_words "$argv[1]")
        set -l parts (string split \t -- $line)
        switch "$argv[2]/$parts[1]/$parts[2]"
            case 'options/-*' 'commands/*/command'
                printf '%s\t%s\n' $parts[1] $parts[3]
        end
    end
end

function __nylas_bookings_complete
    set -l entered ''
    set -l wanted ''
    set -l number 1
    set -l words (commandline -opc)
    for word in $words[2..-1]
        if test -n "$wanted"
            set wanted ''
            continue
        end
        set -l kind (__nylas_bookings_kind "$entered" "$word")
        switch "$kind"
            case command
                set entered (string trim -- "$entered $word")
            case flag
            case ''
                string match -q -- '-?*' "$word"; or set number (math $number + 1)
            case '*'
                set wanted $kind
        end
    end
    set -l current (commandline -ct)
    set -l before ''
    if test -z "$wanted"; and string match -q -- '--*=*' "$current"
        set -l parts (string split -m 1 = -- "$current")
        set wanted (__nylas_bookings_kind "$entered" "$parts[1]")
        set before "$parts[1]="
        set current $parts[2]
    end
    if test -z "$wanted"; and not string match -q -- '-*' "$current"
        set -l commands (__nylas_bookings_of "$entered" commands)
        if test -n "$commands"
            printf '%s\n' $commands
            return
        end
        set wanted (__nylas_bookings_kind "$entered" "<$number>")
    end
    switch "$wanted"
        case files
            string join \n -- "$before"(__fish_complete_path "$current")
        case value
        case ''
            __nylas_bookings_of "$entered" options
        case '*'
            string join \n -- "$before"(string split ' ' -- $wanted)
    end
end

complete -c nylas-bookings -f -a '(__nylas_bookings_complete)'
