#compdef nylas-bookings
# Completes the command nylas-bookings in zsh.

_nylas_bookings_words() {
  case "$1" in
    @words@
  esac
}

# The kind of a word that follows a command: what comes after it.
_nylas_bookings_kind() {
  local word kind about
  while IFS=$'\t' read -r word kind about; do
    [[ $word == "$2" ]] && print -rn -- "$kind" && return
  done < <(_nylas_bookings_words "$1")
}

_nylas-bookings() {
  local current=$words[CURRENT] wanted='' entered='' number=1 word kind about
  local -a its_commands its_options
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    kind=$(_nylas_bookings_kind "$entered" "$word")
    case "$kind" in
      command) entered="${entered:+$entered }$word" ;;
      flag) ;;
      '') [[ $word == -?* ]] || ((number++)) ;;
      *) ((++i == CURRENT)) && wanted=$kind ;;
    esac
  done
  while IFS=$'\t' read -r word kind about; do
    [[ $word == -* ]] && its_options+=("$word:$about")
    [[ $kind == command ]] && its_commands+=("$word:$about")
  done < <(_nylas_bookings_words "$entered")
  if [[ -z $wanted && $current == --*=* ]]; then
    wanted=$(_nylas_bookings_kind "$entered" "${current%%=*}")
    compset -P '*='
  elif [[ -z $wanted && $current != -* ]]; then
    if ((${#its_commands})); then
      _describe -t commands command its_commands
      return
    fi
    wanted=$(_nylas_bookings_kind "$entered" "<$number>")
  fi
  case "$wanted" in
    files) _files ;;
    value) _message -e values value ;;
    '') _describe -o -t options option its_options ;;
    *) compadd -- ${=wanted} ;;
  esac
}

if [[ $funcstack[1] == _nylas-bookings ]]; then
  _nylas-bookings "$@"
else
  compdef _nylas-bookings nylas-bookings
fi
