#!/usr/bin/env bash
# The workflow from end to end on this machine: four shards as jobs of snakemake's local executor, joined, and compared byte for
# byte with one run of `insilin sweep`. Needs Python 3.11 or newer and network for PyPI.
#
#   examples/cluster/test.sh [PROGRAM]     PROGRAM: insilin, target/release/insilin when absent
#
# INSILIN_CLUSTER_VENV names a folder for the Python environment, which is kept; without it a temporary one is made and taken away.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/release/insilin}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

venv=${INSILIN_CLUSTER_VENV:-$work/venv}
if [ ! -x "$venv/bin/snakemake" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'snakemake>=8,<10'
fi
"$venv/bin/snakemake" --version | sed 's/^/snakemake /'
"$program" --version

cp "$here/sweep.toml" "$work/sweep.toml"
cd "$work"
# Fewer points than the example has: this asks whether parts fit together, not how fast they are.
options="--runs 400"
"$venv/bin/snakemake" --snakefile "$here/Snakefile" --cores 2 --quiet all \
  --config shards=4 threads=1 program="$program" options="$options"
"$program" sweep sweep.toml $options --out one --quiet > /dev/null

# The mark of time is snakemake's own.
diff --recursive --exclude=.snakemake_timestamp one whole
echo "$(find one -type f | wc -l) files of 4 shards are those of one sweep: $(ls whole/runs | wc -l) parts, $(du -sk whole | cut -f1) kB"
