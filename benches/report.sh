#!/usr/bin/env bash
# A page of `report` beside `run` with its figures, process start to end, turn by turn; medians in ms and their ratio.
# Usage: benches/report.sh [PROGRAM] [ROUNDS]
set -euo pipefail
program=$(realpath "${1:-target/release/insilin}")
rounds=${2:-15}
home=$(mktemp -d)
trap 'rm -r "$home"' EXIT
cd "$home"

milliseconds() {
  local start end
  start=$(date +%s%N)
  "$@" >/dev/null 2>&1
  end=$(date +%s%N)
  echo $(((end - start) / 10000)) | sed 's/..$/.&/'
}

median() {
  sort -n "$1" | sed -n "$(((rounds + 1) / 2))p"
}

for scenario in mixed-meal ogtt-type-2-diabetes insulin-dose-glut4; do
  : >run.ms
  : >page.ms
  # Every run and every page is new: to write over an old file waits for the disk.
  for round in $(seq "$rounds"); do
    milliseconds "$program" run "$scenario" --out "run-$scenario-$round" >>run.ms
    milliseconds "$program" report "$scenario" -o "page-$scenario-$round.html" >>page.ms
  done
  awk -v name="$scenario" -v run="$(median run.ms)" -v page="$(median page.ms)" \
    'BEGIN { printf "%-24s run %7.1f ms   report %7.1f ms   ratio %.2f\n", name, run, page, page / run }'
done
