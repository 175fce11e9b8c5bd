//! The book under `docs/`: its commands run, its rules and stages are accepted, its links lead somewhere.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use testkit::loki::Loki;

/// The top of the clone, where the commands of the book are run.
const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const CLI: &str = env!("CARGO_BIN_EXE_lambda-promtail-cli");
const SAMPLE: &str = "samples/cloudwatch-logs.json";

/// Pages that have nothing to run, and why.
const WITHOUT_EXAMPLES: [(&str, &str); 3] = [
    ("SUMMARY.md", "the table of contents"),
    ("operations.md", "its commands need an account of AWS"),
    ("performance.md", "its commands take minutes"),
];

/// A fenced block of a page.
struct Block {
    page: String,
    line: usize,
    /// What follows the opening fence: `sh`, `json,stages` ...
    info: String,
    text: String,
}

impl Block {
    fn place(&self) -> String {
        format!("docs/src/{}:{}", self.page, self.line)
    }
}

/// Returns the pages of the book by their path under `docs/src`.
fn pages() -> BTreeMap<String, String> {
    fn collect(folder: &Path, under: &Path, pages: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, under, pages);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(under).unwrap().to_str().unwrap().to_owned();
                pages.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut pages = BTreeMap::new();
    let source = book();
    collect(&source, &source, &mut pages);
    pages
}

fn book() -> PathBuf {
    Path::new(TOP).join("docs/src")
}

/// Returns the fenced blocks of all pages. Fences may be indented, as in lists.
fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for (page, text) in pages() {
        let mut open: Option<Block> = None;
        for (index, line) in text.lines().enumerate() {
            match (line.trim_start().strip_prefix("```"), &mut open) {
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(info), None) => {
                    open = Some(Block {
                        page: page.clone(),
                        line: index + 1,
                        info: info.trim().to_owned(),
                        text: String::new(),
                    });
                }
                (None, Some(block)) => block.text += &format!("{line}\n"),
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{page}: a fence is not closed");
    }
    blocks
}

/// Runs a command at the top of the clone with these variables only.
fn run(command: &mut Command, variables: &[(&str, &str)]) -> Output {
    command
        .current_dir(TOP)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// Returns what is wrong with the block as the value of that setting: the command line must accept it, and explain what it
/// does to an event.
fn refused(block: &Block, setting: &str) -> Option<String> {
    let address = ("WRITE_ADDRESS", "http://localhost:3100/loki/api/v1/push");
    let value = (setting, block.text.as_str());
    let checked = run(Command::new(CLI).arg("check"), &[address, value]);
    let explained = run(Command::new(CLI).args(["ship", SAMPLE, "--explain"]), &[value]);
    let warned = String::from_utf8_lossy(&checked.stdout).contains("warning:");
    failed(block, &checked)
        .or_else(|| failed(block, &explained))
        .or_else(|| warned.then(|| format!("{}: a warning", block.place())))
}

/// Returns what a command said that failed.
fn failed(block: &Block, output: &Output) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    (!output.status.success()).then(|| format!("{}\n{}{said}", block.place(), block.text))
}

/// Writes a `cargo` that runs the command line which is built already, with the arguments after `--`.
fn cargo_in(folder: &Path) {
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in\n\
         run*\"-p lambda-promtail-cli -- \"*) ;;\n\
         *) echo \"the test runs only lambda-promtail-cli, not: cargo $*\" >&2; exit 2 ;;\n\
         esac\n\
         while [ \"$1\" != -- ]; do shift; done\nshift\nexec '{CLI}' \"$@\"\n"
    );
    let cargo = folder.join("cargo");
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn every_example_of_the_book_works() {
    let folder = tempfile::tempdir().unwrap();
    cargo_in(folder.path());
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let mut examples: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for block in blocks() {
        failures.extend(match block.info.as_str() {
            "json,relabel_configs" => refused(&block, "RELABEL_CONFIGS"),
            "json,stages" => refused(&block, "LOKI_STAGE_CONFIGS"),
            "sh" => {
                let mut shell = Command::new("/bin/sh");
                let output = run(shell.args(["-euc", &block.text]), &[("PATH", &path)]);
                failed(&block, &output)
            }
            _ => continue,
        });
        *examples.entry(block.page).or_default() += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    for page in pages().keys() {
        let count = examples.get(page).copied().unwrap_or_default();
        let excused = WITHOUT_EXAMPLES.iter().any(|(name, _)| name == page);
        assert_eq!(
            count == 0,
            excused,
            "docs/src/{page} has {count} examples that are run"
        );
    }
    assert!(examples["stages.md"] > 20, "{examples:?}");
}

/// Each page of a source has three queries.
#[test]
fn every_page_of_a_source_has_three_queries() {
    let blocks = blocks();
    for page in pages().keys().filter(|page| page.starts_with("sources/")) {
        let of_page = blocks.iter().filter(|block| block.page == *page);
        let queries = of_page.filter(|block| block.info == "logql").count();
        assert_eq!(queries, 3, "docs/src/{page}");
    }
}

/// Ships what the pages ship into a real Loki, and asks it the pages' queries.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn loki_answers_the_queries_of_the_book() {
    const TENANT: &str = "book";
    let loki = Loki::start().await;
    let push_url = loki.push_url();
    let folder = tempfile::tempdir().unwrap();
    cargo_in(folder.path());
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let variables = [
        ("PATH", path.as_str()),
        ("WRITE_ADDRESS", &push_url),
        ("TENANT_ID", TENANT),
    ];
    let blocks = blocks();
    // Commands of other pages change the labels.
    let ships = |block: &&Block| {
        block.info == "sh" && block.page.starts_with("sources/") && block.text.contains("-- ship ")
    };
    for block in blocks.iter().filter(ships) {
        let output = run(Command::new("/bin/sh").args(["-euc", &block.text]), &variables);
        assert_eq!(failed(block, &output), None);
    }

    let mut answered: BTreeMap<&str, usize> = BTreeMap::new();
    for block in blocks.iter().filter(|block| block.info == "logql") {
        // The days of the samples.
        for day in ["2026-03-04", "2026-11-23"] {
            let answer = query(&push_url, TENANT, &block.text, day);
            let result = &answer["data"]["result"];
            assert!(result.is_array(), "{}: {answer}", block.place());
            if result.as_array().is_some_and(|result| !result.is_empty()) {
                *answered.entry(&block.page).or_default() += 1;
            }
        }
    }
    let shipping = blocks.iter().filter(ships).map(|block| block.page.as_str());
    for page in shipping {
        assert!(
            answered.contains_key(page),
            "no query of docs/src/{page} finds its sample: {answered:?}"
        );
    }
}

/// Returns the answer of Loki to a query over a day, or its message if that is not JSON.
fn query(push_url: &str, tenant: &str, logql: &str, day: &str) -> serde_json::Value {
    let address = push_url.trim_start_matches("http://").split('/').next().unwrap();
    let escaped: String = logql.trim().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let range = format!("start={day}T00:00:00Z&end={day}T23:59:59Z&step=60");
    let mut stream = TcpStream::connect(address).unwrap();
    // HTTP/1.0: the server closes the connection after its answer.
    write!(
        stream,
        "GET /loki/api/v1/query_range?query={escaped}&{range} HTTP/1.0\r\nX-Scope-OrgID: {tenant}\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|_| serde_json::json!({ "message": body }))
}

#[test]
fn other_json_of_the_book_is_json() {
    for block in blocks().iter().filter(|block| block.info == "json") {
        let read = serde_json::from_str::<serde_json::Value>(&block.text);
        assert!(read.is_ok(), "{}: {read:?}", block.place());
    }
}

#[test]
fn the_table_of_settings_is_that_of_the_command_line() {
    let output = run(Command::new(CLI).args(["check", "--markdown"]), &[]);
    let table = String::from_utf8(output.stdout).unwrap();
    let page = &pages()["settings.md"];
    let (_, rest) = page.split_once("<!-- settings -->\n").unwrap();
    let (shown, _) = rest.split_once("<!-- end -->").unwrap();
    assert_eq!(shown, table, "run: cargo xtask generate");
}

/// The files that the documents for developers name are there.
#[test]
fn files_that_developers_are_sent_to_exist() {
    const FOLDERS: [&str; 7] = [
        "crates/", "tools/", "fuzz/", "deploy/", "docs/", ".ci/", "samples/",
    ];
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"] {
        let text = fs::read_to_string(Path::new(TOP).join(document)).unwrap();
        // What is between two backticks is at the odd places.
        let code = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter_map(|code| code.split(' ').next());
        let files = code.filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder)));
        let mut count = 0;
        for file in files {
            assert!(Path::new(TOP).join(file).exists(), "{document} names {file}");
            count += 1;
        }
        assert!(count > 3, "{document} names {count} files");
    }
}

/// Links between pages lead to a page of the book and a heading of it, and every page is in the table of contents.
#[test]
fn links_of_the_book_lead_somewhere() {
    let pages = pages();
    for (page, text) in &pages {
        let folder = Path::new(page).parent().unwrap();
        for link in links(text).filter(|link| !link.contains("://")) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match path.is_empty() {
                true => page.clone(),
                false => normal(&folder.join(path)),
            };
            let found = pages.get(&target);
            assert!(found.is_some(), "docs/src/{page}: {link}");
            let is_heading = heading.is_empty() || headings(found.unwrap()).any(|known| known == heading);
            assert!(is_heading, "docs/src/{page}: {link}");
        }
    }
    let contents: Vec<&str> = links(&pages["SUMMARY.md"]).collect();
    for page in pages.keys().filter(|page| *page != "SUMMARY.md") {
        assert!(contents.contains(&page.as_str()), "{page} is not in SUMMARY.md");
    }
}

/// Returns what the Markdown links of a page lead to.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// Returns the anchors that mdBook gives the headings of a page.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading
            .chars()
            .filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
        kept.map(|char| if char == ' ' { '-' } else { char }).collect()
    })
}

/// Returns the path without `..`.
fn normal(path: &Path) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().map(|part| part.to_str().unwrap()) {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
