# Read by bash before a sample (BASH_ENV): notes the line of a failing command in a file, and leaves no variable behind.
# Only where errexit is on, and in the sample's own text: bash calls the file of functions given with -c "environment".
trap "case \$-:\${BASH_SOURCE[0]-} in *e*: | *e*:environment) printf '%s' \"\$LINENO\" 2>/dev/null >'$DOCWITNESS_FAILED_LINE' ;; esac" ERR
unset BASH_ENV DOCWITNESS_FAILED_LINE
