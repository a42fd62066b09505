//! Ctrl-C: files are whole or not there, and the exit code is 130.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use insilin::store::{Manifest, sha256};

use crate::support::command::{Home, decay};

fn start(home: &Home, arguments: &[&str]) -> Child {
    let mut command = home.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

fn interrupt(child: &mut Child, signal: &str) -> Option<i32> {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.is_ok(), "kill is there");
    child.wait().expect("it is our child").code()
}

#[test]
fn an_interrupted_simulation_leaves_nothing() {
    let home = decay();
    // A pendulum that swings for hours of the processor's time.
    home.write("swing.ant", "x' = v; v' = -x; x = 1; v = 0;\n");
    for signal in ["-INT", "-TERM"] {
        let mut child = start(
            &home,
            &["run", "swing.ant", "--end", "1e9", "--rtol", "1e-10"],
        );
        std::thread::sleep(Duration::from_millis(300));
        assert!(
            child.try_wait().expect("ours").is_none(),
            "it is still at work"
        );
        assert_eq!(interrupt(&mut child, signal), Some(130));
        assert!(!home.path("results").exists());
    }
}

/// Whether every file that the manifest names is there with the recorded bytes.
fn is_whole(home: &Home, folder: &str) -> bool {
    let manifest = Manifest::from_json(&home.read(&format!("{folder}/manifest.json")));
    let manifest = manifest.expect("a manifest is written whole");
    let files = manifest.inputs.iter().chain(&manifest.outputs);
    files.into_iter().all(|(path, recorded)| {
        let content = std::fs::read(home.path(&format!("{folder}/{path}")));
        content.is_ok_and(|content| sha256(&content) == *recorded)
    })
}

#[test]
fn an_interruption_at_any_moment_leaves_a_whole_folder_or_none() {
    let home = decay();
    home.expect(0, "run decay.toml -q --out old");
    let lines = [
        ["run", "decay.toml", "--out", "fresh"],
        ["run", "family.toml", "--out", "old"],
    ];
    for at in 0..24 {
        let line = &lines[at % 2];
        let mut child = start(&home, line);
        std::thread::sleep(Duration::from_millis(10 * at as u64));
        let code = interrupt(&mut child, "-INT");
        // Ended before the signal came, or before the program could listen to it.
        assert!(matches!(code, Some(0 | 130) | None), "{code:?}");
        let folder = line[3];
        assert!(
            !home.path(folder).exists() || is_whole(&home, folder),
            "after {at}"
        );
        let files = home.files(".");
        assert!(
            !files.iter().any(|path| path.contains(".part")),
            "{files:?}"
        );
        if folder == "fresh" && home.path(folder).exists() {
            std::fs::remove_dir_all(home.path(folder)).expect("ours");
        }
    }
}
