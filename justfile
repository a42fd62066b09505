# Recipes for developers; `just` lists them. Set INSILIN_SHARED to the folder of reference data, or keep it beside the checkout.

export INSILIN_SHARED := env_var_or_default("INSILIN_SHARED", justfile_directory() / "../shared")

# The folder of the SBML Test Suite, if it is there: docs/sbml-test-suite.md.
export SBML_TEST_SUITE := env_var_or_default("SBML_TEST_SUITE", INSILIN_SHARED / "sbml-test-suite")

# what can be run
default:
    @just --list

# what must hold before a commit: the same lines as .ci/run, and the licences of all dependencies
check:
    .ci/run
    cargo deny check

# the tests, those that need reference data included
test:
    INSILIN_REQUIRE_SHARED=1 cargo test

# the SBML Test Suite with its table by tag
sbml:
    cargo test --test sbml_suite -- --nocapture

# the library on the oldest toolchain that Cargo.toml promises
msrv:
    cargo +$(grep '^rust-version' Cargo.toml | cut -d'"' -f2) check --all-targets

# the engine for a web page
wasm:
    cargo check --lib --no-default-features --target wasm32-unknown-unknown

# a million mutated inputs for each reader (minutes)
fuzz cases="1000000":
    INSILIN_FUZZ_CASES={{cases}} cargo test --release --test fuzz_antimony --test fuzz_sbml --test fuzz_scenario -- --nocapture

# the figures that the documents show, drawn anew: results/gallery
gallery:
    INSILIN_GALLERY=write cargo test --test gallery

# the measurements quoted in docs/performance.md
bench:
    cargo bench

# a page of `report` beside a run with its figures, process start to end
bench-report program="target/release/insilin":
    benches/report.sh {{program}}

# side by side with libRoadRunner, COPASI and libAntimony: numbers and times; parts as in benches/peers/README.md
peers *parts:
    benches/peers/run.sh {{parts}}

# kernels, one trajectory and sweeps beside libRoadRunner and COPASI at equal error, on the models of benches/models too
bench-peers:
    benches/peers/run.sh bench

# docs/models.md anew, from the heads of the models
models-page:
    INSILIN_BLESS=1 cargo test --test models_page

# a sweep in four shards by snakemake's local executor, compared with one sweep (builds a Python environment)
cluster program="target/release/insilin":
    examples/cluster/test.sh {{program}}

# a sweep killed at fifty random moments and resumed
kills count="50":
    INSILIN_KILLS={{count}} cargo test --test sweep -- kill
