# The interpreter of a shell session: sources the files whose paths it reads, one a line, after a line with the mark that ends each output.
# File descriptors above 56 keep its own channels out of the way of samples; bash 3.2 has no {name}>.
exec 57<&0 58>&1 59>&2 </dev/null || exit 126  # fewer than 60 files may be open
IFS= read -r -u 57 __docwitness_mark

# A failing command ends its sample, not the session: the trap returns from functions up to the sample's own level, and from there to the
# loop below. Where errexit is off (command substitutions, the sample's own `set +e`) nothing happens, as without the trap.
# LINENO is wrong after a return, so the line of a call is noted while the function is still there; it also counts the lines of the trap,
# so it is read in the first one.
trap '__docwitness_at=$LINENO
  if [[ $- == *e* ]]; then
    case ${#BASH_SOURCE[@]} in
      1) set +e ;;
      2) set +e; __docwitness_line=${__docwitness_line:-$__docwitness_at}; return ;;
      *) __docwitness_line=${BASH_LINENO[${#BASH_SOURCE[@]} - 3]}; return ;;
    esac
  fi' ERR
set -E -o pipefail
shopt -s expand_aliases  # as at a prompt

# What is done between two samples is neither traced nor does it run their DEBUG trap where that shows.
__docwitness_set=
while { IFS= read -r -u 57 __docwitness_file; } >/dev/null 2>&1; do
  {
    __docwitness_line=
    set -e
    case $__docwitness_set in *x*) set -x ;; esac
  } >/dev/null 2>&1
  . "$__docwitness_file"
  {
    __docwitness_status=$?
    __docwitness_set=$-
    set +ex
    printf '%s %s %s\n' "$__docwitness_mark" "$__docwitness_status" "$__docwitness_line" >&58
    printf '%s\n' "$__docwitness_mark" >&59
  } >/dev/null 2>&1
done
