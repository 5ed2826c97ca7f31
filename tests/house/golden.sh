#!/bin/sh
# What the repository shows of the demo (log, guide, manual page) is what the program makes today.
cd "$(dirname "$0")/../.." || exit 1
name=the_shown_log_guide_and_manual_are_what_the_program_makes
if [ ! -e BUILD_LOG.md ]; then
    echo "skipped: $name: 'make golden' has not been run in this tree"
elif [ "${ZAGENT_GOLDEN-}" = 1 ]; then
    echo "skipped: $name: they are being rewritten"
elif .ci/golden build/test/zagent check; then
    echo "ok $name"
else
    echo "not ok $name (read the difference; 'make golden' takes it over)"
fi
