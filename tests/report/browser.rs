//! Headless Chromium, where there is one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest that the browser may take for one page on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The browser's command; none, and a word about it, where there is none.
#[expect(
    clippy::print_stdout,
    reason = "who reads the log must know what was not tested"
)]
pub fn find() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let starts = |name: &&str| {
        let version = Command::new(name)
            .arg("--version")
            .stderr(Stdio::null())
            .output();
        version.is_ok_and(|said| said.status.success())
    };
    let found = names.into_iter().find(starts);
    if found.is_none() {
        println!("no Chromium here: the page was not opened in a browser");
    }
    found
}

/// Opens a page and gives what the browser prints.
pub fn open(browser: &str, page: &Path, options: &[String], home: &Path) -> String {
    let quiet = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--hide-scrollbars",
    ];
    let out = home.join("browser.out");
    let file = std::fs::File::create(&out).expect("the folder is ours");
    let mut child = Command::new(browser)
        .args(quiet)
        .arg(format!(
            "--user-data-dir={}",
            home.join("profile").display()
        ))
        .args(options)
        .arg(format!("file://{}", page.display()))
        .env("HOME", home)
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(Stdio::null())
        .spawn()
        .expect("the browser starts");
    let start = Instant::now();
    while child.try_wait().expect("it is our child").is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().expect("it is our child");
            panic!("the browser does not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    std::fs::read_to_string(out).expect("what it printed is text")
}

/// Addresses on the network that were asked for while a page was open, by whoever.
pub fn requests(browser: &str, page: &Path, home: &Path) -> Vec<String> {
    let log = home.join("net.json");
    // Nothing may get out, whatever is asked for.
    let options = [
        format!("--log-net-log={}", log.display()),
        "--host-resolver-rules=MAP * ~NOTFOUND".to_string(),
        "--dump-dom".to_string(),
    ];
    open(browser, page, &options, home);
    let text = std::fs::read_to_string(log).expect("the browser wrote its log");
    let whole: Value = serde_json::from_str(&text).expect("the log is JSON");
    let events = whole["events"].as_array().expect("the log has events");
    let of_a_page = |event: &&Value| {
        let initiator = event["params"]["initiator"]
            .as_str()
            .unwrap_or("not an origin");
        initiator != "not an origin"
    };
    let address = |event: &Value| Some(event["params"]["url"].as_str()?.to_string());
    let mut found: Vec<String> = events
        .iter()
        .filter(of_a_page)
        .filter_map(address)
        .collect();
    found.retain(|address| address.starts_with("http"));
    found.dedup();
    found
}

/// A picture of the page in a window of that size.
pub fn screenshot(browser: &str, page: &Path, size: (u32, u32), home: &Path) -> PathBuf {
    let path = home.join(format!("screen-{}.png", size.0));
    let options = [
        format!("--screenshot={}", path.display()),
        format!("--window-size={},{}", size.0, size.1),
    ];
    open(browser, page, &options, home);
    path
}

/// The page as a PDF.
pub fn pdf(browser: &str, page: &Path, home: &Path) -> PathBuf {
    let path = home.join("page.pdf");
    let options = [
        format!("--print-to-pdf={}", path.display()),
        "--no-pdf-header-footer".to_string(),
    ];
    open(browser, page, &options, home);
    path
}
