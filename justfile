set windows-shell := ["powershell.exe", "-NoLogo", "-Command"]

# List the recipes.
default:
    @just --list --unsorted

# Tell a topic's story: just run gather --naive
[group('to learn')]
[no-exit-message]
[positional-arguments]
run TOPIC *FLAGS:
    {{ if os_family() == "windows" { "cargo run -p " + TOPIC + " -- " + FLAGS } else { "topic=$1; shift; cargo run -p \"$topic\" -- \"$@\"" } }}

# Run every unit, integration and doc test, of the workspace or of one topic, then the answers that you have begun.
[group('to learn')]
[no-exit-message]
test TOPIC="":
    cargo test {{ if TOPIC == "" { "--workspace" } else { "-p " + quote(TOPIC) } }}
    cargo workbook test {{ if TOPIC == "" { "" } else { quote(TOPIC) } }}

# Check your answer to one exercise: just try gather/two_stages
[group('to learn')]
[no-exit-message]
try EXERCISE="":
    @cargo workbook try {{quote(EXERCISE)}}

# Check it again at every save; keys: h hint, n next, q quit.
[group('to learn')]
[no-exit-message]
watch EXERCISE="":
    @cargo workbook watch {{quote(EXERCISE)}}

# Show one more hint each time.
[group('to learn')]
[no-exit-message]
hint EXERCISE="":
    @cargo workbook hint {{quote(EXERCISE)}}

# Show the solution beside your answer, after you have solved it or with --reveal.
[group('to learn')]
[no-exit-message]
solution EXERCISE="" *FLAGS:
    @cargo workbook solution {{quote(EXERCISE)}} {{ if FLAGS == "" { "" } else { quote(FLAGS) } }}

# Restore the original answer; yours is kept.
[group('to learn')]
[no-exit-message]
reset EXERCISE="":
    @cargo workbook reset {{quote(EXERCISE)}}

# Prove the exercises: solutions pass, and each mistake fails in the check that it names.
[group('to work on the course')]
[no-exit-message]
verify TOPIC="":
    cargo workbook verify {{ if TOPIC == "" { "" } else { quote(TOPIC) } }}

# Format the code.
[group('to work on the course')]
fmt:
    cargo fmt --all

# Check format and lints; warnings are errors.
[group('to work on the course')]
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- --deny warnings

# Record the files of every topic, or of one topic, again.
[group('to work on the course')]
record TOPIC="" $RECORD="1":
    cargo test {{ if TOPIC == "" { "--workspace --exclude recording --exclude timeline --exclude drawing --exclude story --exclude exam --exclude bank --exclude workbook" } else { "-p " + TOPIC } }} --test it recorded_files

# Build the book into target/book and open it; `just book --no-open` only builds it.
[group('to learn')]
book *FLAGS: book-tools
    cargo doc --workspace --no-deps --quiet --target-dir target
    target/tools/bin/mdbook build docs {{ if FLAGS =~ "--no-open" { "" } else { "--open" } }}

# Install the pinned mdBook into the target folder, if it is missing.
[private]
book-tools:
    cargo install mdbook --version 0.5.4 --locked --quiet --no-default-features --features search --root target/tools

# Try the book in a real browser, and check its links, and its scripts' types and lints; needs Node and Chromium.
[group('to work on the course')]
book-test: (book "--no-open")
    npm --prefix docs ci --silent
    npm --prefix docs run --silent types
    npm --prefix docs run --silent lint
    npm --prefix docs run --silent test

# Measure what the chapters and CONTRIBUTING.md quote: what recording costs, gather at scale, and five event loops.
[group('to work on the course')]
bench:
    cargo bench -p timeline --bench polls
    cargo bench -p gather --bench scale
    cargo bench -p event-loop --bench loops
    cargo bench -p async-files --bench reads

# Change a topic's library in many small ways, and see that a claim or a doc test notices each: just mutants gather
[group('to work on the course')]
mutants *TOPICS:
    bash .ci/mutants {{TOPICS}}

# Do what continuous integration does.
[group('to work on the course')]
ci:
    bash .ci/run
