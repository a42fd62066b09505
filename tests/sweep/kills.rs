//! Killed, interrupted, or out of room at any moment: what is finished stays, and going on ends with the same bytes.

use std::process::{Child, Command, Stdio};

use super::home::{MANY, all, line};
use crate::support::command::{Home, finish};
use crate::support::numbers::Draws;

fn kills() -> usize {
    let asked = std::env::var("INSILIN_KILLS").ok();
    asked.map_or(5, |count| count.parse().expect("INSILIN_KILLS is a number"))
}

fn start(home: &Home, out: &str) -> Child {
    let words = line(&[MANY, "--jobs 2 --resume --out", out]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = home.command(&words);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}

#[test]
fn a_killed_sweep_goes_on_to_the_same_bytes() {
    let home = all();
    let took = home.expect(0, &format!("{MANY} --jobs 2 --out whole")).took;
    let whole = home.contents("whole");
    let mut draws = Draws(7);
    let mut unfinished = 0;
    for round in 0..kills() {
        let out = format!("round-{round}");
        // Killed while it runs, and again while it goes on.
        for share in [draws.between(0.0, 1.0), draws.between(0.0, 0.5)] {
            let mut child = start(&home, &out);
            std::thread::sleep(took.mul_f64(share));
            if round % 2 == 0 {
                // SIGKILL: nothing can be tidied up.
                child.kill().expect("it is our child");
                child.wait().expect("it is our child");
            } else {
                let sent = Command::new("kill")
                    .args(["-INT", &child.id().to_string()])
                    .status();
                assert!(sent.is_ok(), "kill is there");
                let code = child.wait().expect("it is our child").code();
                // Ended before the signal came, or before the program could listen to it.
                assert!(matches!(code, Some(0 | 130) | None), "{code:?}");
            }
            unfinished += usize::from(!home.path(&format!("{out}/summary.json")).exists());
        }
        let mut child = start(&home, &out);
        let code = child.wait().expect("it is our child").code();
        assert_eq!(code, Some(0), "round {round}");
        let found = home.contents(&out);
        let names = |all: &[(String, Vec<u8>)]| -> Vec<String> {
            all.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&found), names(&whole), "round {round}");
        assert!(found == whole, "round {round}: other bytes");
        std::fs::remove_dir_all(home.path(&out)).expect("ours");
    }
    assert!(unfinished > 0, "no round was cut short");
}

/// The limit on the size of files fails writes in the middle as a full disk does; a process that ignores the signal gets an
/// error instead of its end.
#[test]
fn a_full_disk_is_told_and_the_sweep_goes_on_later() {
    let home = all();
    home.expect(0, &format!("{MANY} --out whole"));
    let largest = home.contents("whole");
    let size = |(_, content): &(String, Vec<u8>)| content.len();
    let curves = largest
        .iter()
        .filter(|(name, _)| name.starts_with("curves/"));
    let others = largest
        .iter()
        .filter(|(name, _)| !name.starts_with("curves/"));
    let (curves, others) = (curves.map(size).min(), others.map(size).max());
    let (curves, others) = (curves.expect("parts"), others.expect("files"));
    // Blocks of 512 bytes, as POSIX has it, half way between what fits and what does not.
    let blocks = (curves + others) / 2 / 512;
    assert!(
        others < 512 * blocks && 512 * blocks < curves,
        "{others} {curves}"
    );
    let words = line(&[MANY, "--out s"]);
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &script, "sh"])
        .arg(env!("CARGO_BIN_EXE_insilin"))
        .args(&words)
        .current_dir(home.path("."));
    let said = finish(&mut limited);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("the disk is full"), "{}", said.err);
    assert!(said.err.contains("--resume"), "{}", said.err);
    home.expect(0, &format!("{MANY} --resume --out s"));
    assert!(home.contents("s") == home.contents("whole"));
}
