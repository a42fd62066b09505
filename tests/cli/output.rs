//! Streams, pipes, folders that cannot be written, full disks.

#[cfg(unix)]
use std::process::Command;

use insilin::render::DISCLAIMER;

use crate::support::command::{Home, decay, finish};

#[test]
fn data_go_to_standard_output_and_all_else_to_standard_error() {
    let home = decay();
    let loud = home.expect(0, "run decay.toml");
    let quiet = home.expect(0, "run decay.toml --quiet");
    assert_eq!(loud.out, quiet.out);
    assert!(loud.err.contains("written to") && quiet.err.is_empty());
    assert!(
        home.expect(2, "run decay.toml --quiet --select B")
            .err
            .contains("`B`")
    );
    let noted = home.expect(0, "check published/sedaghat_2002.ant -v");
    assert!(noted.out.is_empty());
}

#[test]
fn results_never_come_without_the_notice() {
    let home = decay();
    assert!(home.expect(0, "run decay.toml").out.contains(DISCLAIMER));
    assert!(
        home.expect(0, "run decay.ant --out plain")
            .out
            .contains(DISCLAIMER)
    );
    assert!(
        home.expect(0, "run decay.toml --json")
            .out
            .contains(DISCLAIMER)
    );
    assert!(home.expect(0, "help").out.len() > 100);
    for file in ["summary.json", "manifest.json"] {
        assert!(
            home.read(&format!("results/decay/{file}"))
                .contains(DISCLAIMER),
            "{file}"
        );
    }
}

#[test]
fn nothing_is_coloured_where_nobody_looks() {
    let home = decay();
    for arguments in [
        &["run", "decay.toml"][..],
        &["run", "nowhere.toml"],
        &["rnu"],
    ] {
        for no_color in [None, Some("1")] {
            let mut command = home.command(arguments);
            command.envs(no_color.map(|value| ("NO_COLOR", value)));
            let said = finish(&mut command);
            assert!(
                !said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'),
                "{said:?}"
            );
        }
    }
}

/// Runs a line of shell in which `$INSILIN` is the program.
#[cfg(unix)]
fn shell(home: &Home, line: &str) -> crate::support::command::Said {
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .current_dir(home.path(""))
        .env("INSILIN", env!("CARGO_BIN_EXE_insilin"));
    finish(&mut command)
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_is_success() {
    let home = decay();
    // The last `exit` gives the program's own code, not the pipe's.
    for verb in [
        "run decay.toml",
        "list",
        "run nowhere.toml",
        "man",
        "completions bash",
    ] {
        let wanted = if verb.contains("nowhere") { 4 } else { 0 };
        let line = format!(
            "{{ $INSILIN {verb} 2>&1; echo $? >code; }} | true; sleep 0.1; until [ -s code ]; do sleep 0.05; done; cat code; rm code"
        );
        let said = shell(&home, &line);
        assert_eq!(said.out.trim(), wanted.to_string(), "{verb}: {}", said.err);
    }
    assert!(home.path("results/decay/trajectory.csv").is_file());
}

#[test]
#[cfg(target_os = "linux")]
fn standard_output_that_takes_nothing_is_a_failure_of_files() {
    let said = shell(&decay(), "$INSILIN run decay.toml >/dev/full");
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("cli/output"), "{}", said.err);
}

#[test]
fn a_file_where_a_folder_is_needed_is_left_alone() {
    let home = decay();
    home.write("taken", "mine");
    for out in ["taken", "taken/below"] {
        let said = home.expect(4, &format!("run decay.toml --out {out}"));
        assert!(
            said.err.contains("`taken") && said.err.contains("--out"),
            "{}",
            said.err
        );
        assert!(said.out.is_empty(), "no numbers of a run that was not kept");
    }
    home.write("results", "mine");
    home.expect(4, "run decay.toml");
    assert_eq!(
        home.files("."),
        ["decay.ant", "decay.toml", "family.toml", "results", "taken"]
    );
}

#[test]
fn a_folder_where_a_file_is_needed_leaves_older_results_whole() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    let before = home.contents("results/decay");
    std::fs::remove_file(home.path("results/decay/trajectory.csv")).expect("ours");
    home.write("results/decay/trajectory.csv/notes.txt", "mine");
    let said = home.expect(4, "run decay.toml --set \"k=1 1/min\"");
    assert!(said.err.contains("trajectory.csv"), "{}", said.err);
    let after = home.contents("results/decay");
    for (path, content) in before.iter().filter(|(path, _)| path != "trajectory.csv") {
        let now = after.iter().find(|(known, _)| known == path);
        assert!(now.is_some_and(|(_, now)| now == content), "{path}");
    }
    assert!(!home.files(".").iter().any(|path| path.contains(".part")));
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_may_not_be_written_is_a_failure_of_files() {
    use std::os::unix::fs::PermissionsExt;
    let home = decay();
    home.write("locked/keep.txt", "mine");
    let mode =
        |mode| std::fs::set_permissions(home.path("locked"), PermissionsExt::from_mode(mode));
    mode(0o555).expect("the folder is ours");
    // Rights mean nothing to some users, but nobody makes folders in /proc.
    let locked = std::fs::write(home.path("locked/probe"), "").is_err();
    let out = if locked { "locked" } else { "/proc" };
    for line in [
        "run decay.toml --out OUT",
        "run decay.toml --out OUT/below",
        "new OUT/mine.toml",
        "man --out OUT/man",
    ] {
        let said = home.expect(4, &line.replace("OUT", out));
        assert!(
            said.err.contains("store/not-written") && said.err.contains(out),
            "{}",
            said.err
        );
        assert!(!said.err.contains(".part"), "{}", said.err);
    }
    mode(0o755).expect("the folder is ours");
}

/// A process that may write only small files stands for a disk that is full.
#[test]
#[cfg(unix)]
fn a_full_disk_leaves_nothing_half_written() {
    let home = decay();
    let full = |line: &str| {
        shell(
            &home,
            &format!("ulimit -f 8; trap '' XFSZ; exec $INSILIN {line}"),
        )
    };
    let said = full("run decay.toml");
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(
        said.err.contains("disk is full") && said.out.is_empty(),
        "{}\n{}",
        said.err,
        said.out
    );
    assert!(
        home.files("results").is_empty(),
        "{:?}",
        home.files("results")
    );
    home.expect(0, "run decay.toml -q");
    let before = home.contents("results");
    assert_eq!(full("run decay.toml --set 'k=1 1/min'").code, Some(4));
    assert_eq!(full("plot results/decay").code, Some(4));
    assert!(
        before == home.contents("results"),
        "older results are as they were"
    );
    assert!(!home.files(".").iter().any(|path| path.contains(".part")));
}
