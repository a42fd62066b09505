//! Ctrl-C: a process that is told to stop finishes the files it is writing, then ends with 130.

use std::sync::Mutex;

use super::terminal::Terminal;

/// Shells and scripts know an interrupted program by this.
const INTERRUPTED: i32 = 130;

/// Held while files are written.
static FILES: Mutex<()> = Mutex::new(());

/// What is said when an interruption ends the process; nothing when empty.
static LAST_WORDS: Mutex<String> = Mutex::new(String::new());

/// Has this said when an interruption ends the process.
pub fn say_at_end(words: &str) {
    if let Ok(mut last) = LAST_WORDS.lock() {
        last.clear();
        last.push_str(words);
    }
}

/// From here on an interruption waits for [`whole`].
pub fn watch(terminal: Terminal) {
    let stop = move || {
        if let Ok(words) = LAST_WORDS.lock()
            && !words.is_empty()
        {
            // The line of a progress bar ends here.
            terminal.say(&format!("\n{words}"));
        }
        // Also a lock whose holder panicked is a lock: nobody is writing then.
        let _held = FILES.lock();
        std::process::exit(INTERRUPTED);
    };
    if ctrlc::set_handler(stop).is_err() {
        terminal.say("note: this system does not say when Ctrl-C is pressed");
    }
}

/// Writes files, all of them before an interruption ends the process.
pub fn whole<T>(write: impl FnOnce() -> T) -> T {
    let _held = FILES.lock();
    write()
}
