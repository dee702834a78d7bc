# Completes the command nylas-bookings in bash.

_nylas_bookings_words() {
  case "$1" in
    @words@
  esac
}

# The kind of a word that follows a command: what comes after it.
_nylas_bookings_kind() {
  local word kind about
  while IFS=$'\t' read -r word kind about; do
    [[ $word == "$2" ]] && printf '%s' "$kind" && return
  done < <(_nylas_bookings_words "$1")
}

# The words that can follow a command: its options, or its commands.
_nylas_bookings_of() {
  local word kind about
  while IFS=$'\t' read -r word kind about; do
    case "$2/$word/$kind" in
      options/-* | commands/*/command) printf '%s\n' "$word" ;;
    esac
  done < <(_nylas_bookings_words "$1")
}

_nylas_bookings() {
  local current=${COMP_WORDS[COMP_CWORD]} path='' wanted='' number=1 word kind i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    kind=$(_nylas_bookings_kind "$path" "$word")
    case "$kind" in
      command) path="${path:+$path }$word" ;;
      flag) ;;
      '') [[ $word == -?* ]] || number=$((number + 1)) ;;
      *)
        i=$((i + 1))
        # readline takes --option=value for three words.
        [[ ${COMP_WORDS[i]} == = ]] && ((i < COMP_CWORD)) && i=$((i + 1))
        ((i == COMP_CWORD)) && wanted=$kind
        ;;
    esac
  done
  local words
  if [[ -z $wanted && $current != -* ]]; then
    words=$(_nylas_bookings_of "$path" commands)
    [[ -z $words ]] && wanted=$(_nylas_bookings_kind "$path" "<$number>")
  fi
  case "$wanted" in
    files)
      compopt -o filenames 2>/dev/null
      local IFS=$'\n'
      COMPREPLY=($(compgen -f -- "$current"))
      return
      ;;
    value) return ;;
    '') words=${words:-$(_nylas_bookings_of "$path" options)} ;;
    *) words=$wanted ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

complete -F _nylas_bookings nylas-bookings
