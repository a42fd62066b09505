//! `report`: what stands on the page, that nothing on it can do harm, and how a browser takes it.
#![cfg(feature = "cli")]

mod support;
mod report {
    pub mod browser;
    pub mod markup;
}

use std::path::PathBuf;

use insilin::render::DISCLAIMER;
use report::{browser, markup};
use support::command::{DECAY, DECAY_SCENARIO, Home, decay};

/// The page of one line, checked as every page is.
fn page(home: &Home, line: &str) -> String {
    let said = home.expect(0, line);
    let file = said.out.trim().replace('\\', "/");
    let text = home.read(&file);
    markup::check(&text);
    text
}

/// The text of a page, tags taken away.
fn text_of(page: &str) -> String {
    let all = markup::elements(page);
    let body = all.iter().find(|element| element.name == "body");
    body.expect("a page has a body").text.clone()
}

#[test]
fn the_page_of_the_main_scenario_tells_everything() {
    let home = Home::new();
    let page = page(&home, "report mixed-meal");
    let text = text_of(&page);
    for words in [
        // The question, the notice, the numbers of the published port, what was expected.
        "What does a mixed meal do to the glucose and insulin of a healthy adult",
        DISCLAIMER,
        "157.3",
        "incremental AUC",
        "6 of 6 expectations of the scenario are met.",
        "Dalla Man 2007, solved independently",
        // What was done, and what that is in the model.
        "78 g glucose",
        "78000 mg into Q_sto1",
        // The model's author.
        "population mean; glucagon, exercise and circadian change are absent",
        "every derivative is zero at the start",
        "body weight",
        "glucose in the stomach, solid",
        // Whose data.
        "dalla_man_2007_meal_78g.csv",
        "states no licence",
        // How to repeat it.
        "insilin run mixed-meal",
        "rodas5p",
        "model dalla_man_2007()",
    ] {
        assert!(text.contains(words), "`{words}` is missing");
    }
    assert_eq!(page.matches("<figure>").count(), 5);
    assert!(page.contains("href=\"https://doi.org/10.1109/TBME.2007.893506\""));
    assert!(home.path("results/mixed-meal.html").is_file());
    assert_eq!(
        home.files("results"),
        ["mixed-meal.html"],
        "one file and no more"
    );
}

#[test]
fn a_figure_is_told_with_its_main_numbers() {
    let home = decay();
    let page = page(&home, "report decay.toml");
    let all = markup::elements(&page);
    let plot = all
        .iter()
        .find(|e| e.attribute("class") == Some("plot"))
        .expect("a figure");
    let words = plot.attribute("aria-label").expect("it has words");
    // 8 mM times exp(-1.9) just before the bolus is 1.197; with it 8 exp(-2) + 4 = 5.083; 0.6879 at the end.
    for told in [
        "substance A (mM) against time (min)",
        "starts at 8 mM",
        "ends at 0.6879 mM at 40 min",
    ] {
        assert!(words.contains(told), "`{told}` in {words}");
    }
}

#[test]
fn the_page_of_a_folder_is_that_of_the_run_in_it() {
    let home = decay();
    home.expect(0, "run decay.toml -q --set k=0.2");
    let text = text_of(&page(&home, "report results/decay"));
    assert!(home.path("results/decay/report.html").is_file());
    for words in [
        "What is left of a substance after a while?",
        "0 of 1 expectations of the scenario are met.",
        "NOT MET",
        "set on the command line",
        "Departures from the model",
        "insilin run results/decay/manifest.json",
        "One substance that goes away by itself.",
    ] {
        assert!(text.contains(words), "`{words}` is missing");
    }
    // 8 mM times exp(-2) after 10 min.
    assert!(text.contains("1.083"), "{text}");
    // The fingerprints are those of the files that lie there.
    let print = insilin::store::sha256(&home.bytes("results/decay/trajectory.csv"));
    assert!(text.contains(&print));
    // The same from its manifest, and again after the originals are gone.
    let first = home.read("results/decay/report.html");
    std::fs::remove_file(home.path("decay.ant")).expect("ours");
    home.expect(0, "report results/decay/manifest.json -o again.html");
    assert_eq!(home.read("again.html"), first);
}

#[test]
fn arms_values_and_comparisons_have_pages() {
    let home = decay();
    let family = text_of(&page(&home, "report family.toml"));
    assert!(family.contains("Run at each of these values of k: 0.1, 0.2, 0.4 1/min."));
    home.expect(0, "run decay.toml -q --set k=0.2 --out fast");
    let two = page(&home, "report decay.toml fast");
    assert!(home.path("results/compare-decay-fast.html").is_file());
    let text = text_of(&two);
    for words in [
        "fast against decay",
        "What is compared",
        "ratio",
        "insilin compare decay.toml fast",
    ] {
        assert!(text.contains(words), "`{words}` is missing");
    }
    // exp(-1) is what is left at twice the rate after 10 min, compared with the rate.
    assert!(text.contains("0.3679"), "{text}");
    assert!(!text.contains("within tolerance"));
    home.expect(1, "compare decay.toml fast -q --tolerance 5%");
    let recorded = text_of(&page(&home, "report results/compare-decay-fast"));
    assert!(
        home.path("results/compare-decay-fast/report.html")
            .is_file()
    );
    assert!(
        recorded.contains("3 of 4 differences are beyond tolerance"),
        "{recorded}"
    );
}

#[test]
fn months_are_told_by_their_different_days() {
    let home = decay();
    let mut meals = String::new();
    for day in 0..28 {
        meals.push_str(&format!(
            "  {{ bolus = \"A\", amount = \"1 mmol\", time = \"{} h\" }},\n",
            24 * day + 8
        ));
        if day % 7 == 6 {
            meals.push_str(&format!(
                "  {{ hold = \"input\", at = \"2 mM\", from = \"{0} h\", to = \"{1} h\" }},\n",
                24 * day + 17,
                24 * day + 18
            ));
        }
    }
    home.write(
        "month.toml",
        format!(
            "schema = 1\nname = \"month\"\nmodel = \"decay.ant\"\n\
             time = {{ unit = \"d\", span = [0, 28], every = 1 }}\nprotocol = [\n{meals}]\n[observe]\nA = [\"final\"]\n"
        ),
    );
    let page = page(&home, "report month.toml");
    let all = markup::elements(&page);
    let captions: Vec<&str> = all
        .iter()
        .filter(|e| e.name == "caption")
        .map(|e| e.text.as_str())
        .collect();
    let days: Vec<&&str> = captions
        .iter()
        .filter(|caption| caption.contains("Days"))
        .collect();
    assert_eq!(days.len(), 2, "{captions:?}");
    assert!(
        days[0].contains("Days 1–6, 8–13, 15–20, 22–27") && days[1].contains("Days 7, 14, 21, 28")
    );
    let text = text_of(&page);
    assert!(text.contains("08:00") && text.contains("17:00") && text.contains("60 min"));
}

#[test]
fn what_the_model_lacks_is_told() {
    let home = decay();
    home.write(
        "walk.toml",
        DECAY_SCENARIO
            .replace("decay", "walk")
            .replace("walk.ant", "decay.ant")
            .replace(
                "  { bolus",
                "  { hold = \"activity_met\", at = 3.5, from = 5, to = 9 },\n  { bolus",
            ),
    );
    let page = page(&home, "report walk.toml");
    let all = markup::elements(&page);
    let headings: Vec<&str> = all
        .iter()
        .filter(|e| e.name == "h2")
        .map(|e| e.text.as_str())
        .collect();
    assert!(headings.contains(&"What the model lacks"), "{headings:?}");
    let row = all
        .iter()
        .find(|e| e.name == "tr" && e.text.starts_with("activity_met"));
    assert!(
        row.is_some_and(|row| row.text.ends_with("decay.ant")),
        "{row:?}"
    );
    // Folders keep it; a scenario whose model takes everything has no such part.
    home.expect(0, "run walk.toml -q");
    assert!(text_of(&self::page(&home, "report results/walk")).contains("What the model lacks"));
    assert!(!text_of(&self::page(&home, "report decay.toml")).contains("What the model lacks"));
}

/// What an author can write, full of what should not become a part of the page.
const HOSTILE: &str = "</svg></title><script>alert(1)</script><img src=x onerror=alert(2)>";

fn hostile() -> Home {
    let home = Home::new();
    let model = DECAY
        .replace("// One substance", &format!("// {HOSTILE} One substance"))
        .replace("\"substance A\"", &format!("\"A {HOSTILE}\""))
        .replace(
            "k = 0.1; ",
            "k = 0.1; // javascript:alert(3)   [X] <script>alert(4)</script>\n  ",
        );
    home.write("decay.ant", model);
    let title = format!("\"{HOSTILE}\"");
    let scenario = DECAY_SCENARIO
        .replace(
            "# What is left",
            &format!("# {HOSTILE}\n# javascript:alert(5) https://example.org/ What is left"),
        )
        .replace(
            "\"A substance that goes away\"",
            &format!("{title}\nnote = {title}"),
        )
        .replace("\"8 mM times exp(-1) is 2.943 mM\"", &title)
        .replace(
            "  { bolus",
            &format!("  {{ mark = {title}, from = 5, to = 9 }},\n  {{ bolus"),
        );
    home.write("decay.toml", format!("{scenario}\n[parameters]\nk = {{ value = \"0.2 1/min\", why = {title} }}\n\n[[measured]]\nfile = \"points.csv\"\n"));
    home.write(
        "points.csv",
        format!("# {HOSTILE}\nobservable,time,time_unit,value,spread,spread_kind,n,unit,source\nA,5,min,5,,,,mM,\"{HOSTILE}\"\n"),
    );
    home
}

#[test]
fn hostile_words_stay_words() {
    let home = hostile();
    let text = page(&home, "report decay.toml");
    // As words it is there, in tables, captions and drawings; as markup nowhere: `check` has seen all elements.
    assert!(text.matches("&lt;script&gt;alert(1)").count() >= 8);
    assert!(!text.contains("<script") && !text.contains("<img"));
    assert!(text.contains("javascript:alert(3)") && !text.contains("href=\"javascript"));
    home.expect(0, "run decay.toml -q --out made");
    page(&home, "report made");
    page(&home, "report decay.toml made -o both.html");
}

#[test]
fn what_is_no_run_gets_no_page() {
    let home = decay();
    home.write("empty/notes.txt", "nothing");
    home.write("broken/compare.json", "{}");
    for (code, line, said) in [
        (2, "report empty", "no run lies in `empty`"),
        (4, "report nowhere.toml", "`nowhere.toml` is not there"),
        (4, "report nowhere/manifest.json", "is not there"),
        (2, "report broken", "is not what `insilin compare` wrote"),
        (
            4,
            "report decay.toml -o empty",
            "a folder stands where a file is needed",
        ),
        (
            4,
            "report decay.toml -o decay.ant/page.html",
            "a file stands where a folder is needed",
        ),
        (2, "report", "<WHAT>"),
    ] {
        let found = home.expect(code, line);
        assert!(found.err.contains(said), "{line}: {}", found.err);
    }
    assert_eq!(home.files("empty"), ["notes.txt"]);
}

/// The page of the main scenario beside its folder for the browser.
fn opened(home: &Home) -> PathBuf {
    home.expect(0, "report mixed-meal -o page.html");
    home.path("page.html")
}

#[test]
fn nothing_is_asked_for_when_the_page_is_opened() {
    let Some(browser) = browser::find() else {
        return;
    };
    let home = Home::new();
    let page = opened(&home);
    let here = home.path("");
    let asked = browser::requests(browser, &page, &here);
    assert!(asked.is_empty(), "{asked:?}");
    // The log would show it: a page that asks for a picture.
    home.write(
        "asks.html",
        "<!DOCTYPE html><title>t</title><img src=\"http://example.invalid/x.png\">",
    );
    let asked = browser::requests(browser, &home.path("asks.html"), &here);
    assert!(
        asked
            .iter()
            .any(|address| address.contains("example.invalid")),
        "{asked:?}"
    );
    // And the page's own policy would keep it from asking, if something got into it.
    let policed = home
        .read("page.html")
        .replace("<main", "<img src=\"http://example.invalid/x.png\"><main");
    home.write("policed.html", policed);
    let asked = browser::requests(browser, &home.path("policed.html"), &here);
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn a_browser_shows_and_prints_the_page() {
    let Some(browser) = browser::find() else {
        return;
    };
    let home = Home::new();
    let page = opened(&home);
    let here = home.path("");
    let dom = browser::open(browser, &page, &["--dump-dom".to_string()], &here);
    assert_eq!(dom.matches("<figure>").count(), 5);
    assert!(dom.contains("A mixed meal of 78 g glucose, healthy adult</h1>"));
    for size in [(1280, 2400), (390, 2400)] {
        let picture = browser::screenshot(browser, &page, size, &here);
        let inked = ink(&std::fs::read(picture).expect("the browser wrote it"));
        assert!(
            (0.01..0.4).contains(&inked),
            "{size:?}: a share of {inked} is dark"
        );
    }
    let pdf = std::fs::read(browser::pdf(browser, &page, &here)).expect("the browser wrote it");
    assert!(
        pdf.starts_with(b"%PDF") && pdf.len() > 30_000,
        "{} bytes",
        pdf.len()
    );
}

/// Share of the dots of a picture that are dark.
fn ink(file: &[u8]) -> f64 {
    let mut reader = png::Decoder::new(file).read_info().expect("it is a PNG");
    let mut dots = vec![0; reader.output_buffer_size()];
    let frame = reader.next_frame(&mut dots).expect("it is whole");
    let depth = match frame.color_type {
        png::ColorType::Rgba => 4,
        png::ColorType::Rgb => 3,
        other => panic!("{other:?}"),
    };
    let dots = dots[..frame.buffer_size()].chunks_exact(depth);
    let n = dots.len();
    let dark = dots.filter(|dot| dot[..3].iter().all(|&channel| channel < 128));
    dark.count() as f64 / n as f64
}
