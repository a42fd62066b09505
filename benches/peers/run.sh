#!/bin/sh
# Side by side with libRoadRunner, COPASI and libAntimony: run.sh [PART ...], all parts when none is named.
#   published  published models in SBML, simulated by all
#   antimony   our reading of Antimony against libAntimony's
#   export     our SBML, models and scenarios, replayed by others
#   roundtrip  Antimony to SBML and back
#   suite      the SBML Test Suite: time to load and to simulate
#   speed      start to figures, reading and compiling, one trajectory per model
#   bench      kernels per kind of lanes; one trajectory and sweeps at equal error, COPASI too (not part of "all": it takes long)
# Needs Python 3 with venv and, the first time, a network: the other programs go into a folder of their own.
# Ends with the number of parts that found a promise broken.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$top/target}
venv=${INSILIN_PEERS_VENV:-$target/peers-venv}
packages="libroadrunner copasi-basico antimony python-libsbml numpy scipy"

if [ ! -f "$venv/complete" ]; then
    python3 -m venv "$venv"
    # shellcheck disable=SC2086
    "$venv/bin/pip" install --quiet $packages
    touch "$venv/complete"
fi

cd "$top"
cargo build --release
ours=$(mktemp)
trap 'rm -f "$ours"' EXIT
broken=0

part() {
    script=$1
    shift
    "$venv/bin/python" "$here/$script" --insilin "$target/release/insilin" "$@" || broken=$((broken + 1))
}

[ $# -gt 0 ] || set -- published antimony export roundtrip suite speed
for name in "$@"; do
    case $name in
        published) part published.py ;;
        antimony) part antimony_reading.py ;;
        export) part exporting.py ;;
        roundtrip) part round_trips.py ;;
        suite)
            cargo bench --quiet --bench sbml_suite -- --json > "$ours"
            part suite.py --ours "$ours"
            ;;
        speed)
            cargo bench --quiet --bench trajectories -- --json > "$ours"
            part peers.py --ours "$ours"
            ;;
        bench)
            sweeps=$(mktemp)
            trap 'rm -f "$ours" "$sweeps"' EXIT
            "$venv/bin/python" "$here/kernels.py" "$(cargo bench --quiet --bench kernels -- --output-format bencher 2> /dev/null)"
            cargo bench --quiet --bench trajectories -- --json > "$ours"
            cargo bench --quiet --bench sweeps -- --json > "$sweeps"
            part bench.py --ours "$ours" --sweeps "$sweeps"
            ;;
        *)
            echo "run.sh: there is no part '$name'" >&2
            exit 2
            ;;
    esac
done
exit "$broken"
