#!/bin/sh
# Side by side with libRoadRunner in one run: start to figures, reading and compiling, one trajectory per model.
# Needs Python 3 with venv and, the first time, a network: libRoadRunner and libAntimony go into a folder of their own.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$top/target}
venv=${INSILIN_PEERS_VENV:-$target/peers-venv}

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet libroadrunner antimony
fi

cd "$top"
cargo build --release
ours=$(mktemp)
trap 'rm -f "$ours"' EXIT
cargo bench --quiet --bench trajectories -- --json > "$ours"
"$venv/bin/python" "$here/peers.py" --insilin "$target/release/insilin" --ours "$ours" "$@"
