//! The book under `docs/`: its commands run, its rules and stages are accepted, its links lead somewhere.

mod book;
mod laptop;
mod runbook;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use book::{Block, blocks, headings, links, normal, pages};
use laptop::Laptop;
use testkit::loki::Loki;

use crate::support::{CLI, TOP};

const SAMPLE: &str = "samples/cloudwatch-logs.json";

/// Pages that have nothing to run, and why.
const WITHOUT_EXAMPLES: [(&str, &str); 4] = [
    ("SUMMARY.md", "the table of contents"),
    ("dashboards.md", "its dashboards have a test of their own"),
    ("operations.md", "its commands need an account of AWS"),
    ("performance.md", "its commands take minutes"),
];

/// The kinds of blocks, each with the way in which it is checked. Any other kind fails the test.
const KINDS: [(&str, &str); 14] = [
    ("sh", "run, at the top of the clone"),
    ("text", "lines of the output of the `sh` block before it"),
    (
        "text,keys",
        "each key is given to `explain`, which must find the type before it",
    ),
    ("json,relabel_configs", "given to `check` and `ship --explain`"),
    ("json,stages", "given to `check` and `ship --explain`"),
    (
        "json,stages-without-database",
        "given to `check`, which misses only the database",
    ),
    ("json,event", "given to `ship`"),
    (
        "json",
        "parsed: an answer of the function, which no command prints",
    ),
    (
        "hcl",
        "names only variables and outputs that the Terraform module has",
    ),
    ("logql", "asked of a real Loki"),
    ("insights", "names only fields that the function's log has"),
    ("console", "run against moto, by deploy/checks/book_test.py"),
    (
        "console,minutes",
        "names packages and scripts that exist; a run takes minutes",
    ),
    ("alloy", "not checked: a run needs Alloy"),
];

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

/// Returns what is wrong with stages whose database is not there: nothing else may be.
fn refused_without_database(block: &Block) -> Option<String> {
    let address = ("WRITE_ADDRESS", "http://localhost:3100/loki/api/v1/push");
    let checked = run(
        Command::new(CLI).arg("check"),
        &[address, ("LOKI_STAGE_CONFIGS", &block.text)],
    );
    let said = String::from_utf8_lossy(&checked.stderr);
    let expected = said.contains("1 problem in") && said.contains(".mmdb");
    (!expected).then(|| format!("{}: {said}", block.place()))
}

/// Returns the lines of the block that are not in the output of a command. `...` at the end of a line stands for the rest.
fn not_printed(block: &Block, printed: &str) -> Option<String> {
    let lines = block.text.lines().map(|line| line.trim_end_matches("...").trim());
    let missing: Vec<&str> = lines.filter(|line| !printed.contains(line)).collect();
    (!missing.is_empty()).then(|| format!("{}: not printed: {missing:#?}", block.place()))
}

/// Returns the lines of the block, a type and a key each, whose key is of another type.
fn of_other_types(block: &Block) -> Option<String> {
    let other = block.text.lines().filter(|line| {
        let (log_type, key) = line.split_once(' ').unwrap();
        let output = run(
            Command::new(CLI).args(["explain", key.trim()]),
            &[("UNKNOWN_S3_TYPE", "text")],
        );
        !String::from_utf8_lossy(&output.stdout).contains(&format!("{log_type}\n"))
    });
    let other: Vec<&str> = other.collect();
    (!other.is_empty()).then(|| format!("{}: keys of other types: {other:#?}", block.place()))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_the_book_works() {
    let laptop = Laptop::new().await;
    let mut examples: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut printed = (String::new(), String::new());
    for block in blocks() {
        failures.extend(match block.info.as_str() {
            "json,relabel_configs" => refused(&block, "RELABEL_CONFIGS"),
            "json,stages" => refused(&block, "LOKI_STAGE_CONFIGS"),
            "json,stages-without-database" => refused_without_database(&block),
            "json,event" => laptop.shipped(&block),
            "sh" => {
                let output = laptop.run(&block, &[]);
                printed = (
                    block.page.clone(),
                    String::from_utf8_lossy(&output.stdout).into_owned(),
                );
                failed(&block, &output)
            }
            "text" => {
                assert_eq!(block.page, printed.0, "{}: no command before it", block.place());
                not_printed(&block, &printed.1)
            }
            "text,keys" => of_other_types(&block),
            kind => {
                let known = KINDS.iter().any(|(known, _)| *known == kind);
                assert!(
                    known,
                    "{}: KINDS does not say how `{kind}` is checked",
                    block.place()
                );
                continue;
            }
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

/// Each page of a source says how to send it and which labels it gets, and has a sample and three queries.
#[test]
fn every_page_of_a_source_has_a_sample_and_three_queries() {
    const SECTIONS: [&str; 5] = ["send-it", "labels", "a-sample", "queries", "what-can-fail"];
    let blocks = blocks();
    for (page, text) in pages().iter().filter(|(page, _)| page.starts_with("sources/")) {
        let count = |info| {
            let of_page = blocks.iter().filter(|block| block.page == *page);
            of_page.filter(|block| block.info == info).count()
        };
        assert_eq!(count("logql"), 3, "docs/src/{page}");
        assert!(count("text") > 0, "docs/src/{page}");
        for section in SECTIONS {
            let found = headings(text).any(|heading| heading == section);
            assert!(found, "docs/src/{page}: {section}");
        }
    }
}

/// Ships what the pages ship into a real Loki, and asks it the pages' queries.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn loki_answers_the_queries_of_the_book() {
    const TENANT: &str = "book";
    let loki = Loki::start().await;
    let push_url = loki.push_url();
    let laptop = Laptop::new().await;
    let variables = [("WRITE_ADDRESS", push_url.as_str()), ("TENANT_ID", TENANT)];
    let blocks = blocks();
    // Commands of other pages change the labels.
    let ships = |block: &&Block| {
        let of_source = block.page.starts_with("sources/") || block.page == "access-log-mode.md";
        block.info == "sh" && of_source && block.text.contains("-- ship ")
    };
    for block in blocks.iter().filter(ships) {
        assert_eq!(failed(block, &laptop.run(block, &variables)), None);
    }

    let firehose = fs::metadata(Path::new(TOP).join("docs/samples/firehose.jsonl")).unwrap();
    let written = jiff::Timestamp::try_from(firehose.modified().unwrap()).unwrap();
    let written = written.strftime("%Y-%m-%d").to_string();
    let mut answered: BTreeMap<&str, usize> = BTreeMap::new();
    for block in blocks.iter().filter(|block| block.info == "logql") {
        // The days of the samples, and that on which the sample of Firehose was written to disk.
        for day in ["2026-03-04", "2026-11-23", &written] {
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

/// Examples of Terraform set variables that the module has, and use outputs that it has.
#[test]
fn the_terraform_of_the_book_is_that_of_the_module() {
    let module = terraform();
    let mut variables = 0;
    for block in blocks().iter().filter(|block| block.info == "hcl") {
        let (head, _) = block.text.split_once("\n}").unwrap();
        let inputs = head.lines().skip(1).filter_map(|line| line.split_once('='));
        for (name, _) in inputs.filter(|_| head.starts_with("module ")) {
            let nested = name.starts_with("   ");
            let known = module.contains(&format!("\nvariable \"{}\" {{", name.trim()));
            assert!(
                nested || known || name.trim() == "source",
                "{}: {name}",
                block.place()
            );
            variables += 1;
        }
        for use_of in block.text.split("module.lambda_promtail.").skip(1) {
            let name: String = use_of
                .chars()
                .take_while(|char| char.is_alphanumeric() || *char == '_')
                .collect();
            assert!(
                module.contains(&format!("\noutput \"{name}\" {{")),
                "{}: {name}",
                block.place()
            );
        }
    }
    assert!(variables > 30, "{variables}");
}

/// Returns the text of the Terraform module.
fn terraform() -> String {
    let files = fs::read_dir(Path::new(TOP).join("deploy/terraform")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|extension| extension == "tf"));
    sources
        .map(|path| format!("\n{}", fs::read_to_string(path).unwrap()))
        .collect()
}

/// Commands that take minutes name packages and scripts that exist.
#[test]
fn what_long_commands_name_exists() {
    let packages = fs::read_to_string(Path::new(TOP).join("Cargo.lock")).unwrap();
    for block in blocks().iter().filter(|block| block.info == "console,minutes") {
        for package in block.text.split("-p ").skip(1) {
            let package = package.split_whitespace().next().unwrap();
            let known = packages.contains(&format!("name = \"{package}\"\n"));
            assert!(known, "{}: {package}", block.place());
        }
        for script in block.text.lines().filter_map(|line| line.strip_prefix("$ .")) {
            assert!(
                Path::new(TOP).join(format!(".{script}")).exists(),
                "{}: .{script}",
                block.place()
            );
        }
    }
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
            // `<name>` stands for any name.
            let file = file.split('<').next().unwrap_or_default();
            assert!(Path::new(TOP).join(file).exists(), "{document} names {file}");
            count += 1;
        }
        assert!(count > 3, "{document} names {count} files");
    }
}

#[test]
fn the_readme_is_short() {
    let readme = fs::read_to_string(Path::new(TOP).join("README.md")).unwrap();
    let lines = readme.lines().count();
    assert!(
        lines <= 130,
        "README.md has {lines} lines: reference belongs into the book"
    );
}

/// Links from documents outside of the book lead to files.
#[test]
fn links_of_other_documents_lead_to_files() {
    for document in [
        "README.md",
        "CHANGELOG.md",
        "deploy/README.md",
        "deploy/terraform/README.md",
    ] {
        let text = fs::read_to_string(Path::new(TOP).join(document)).unwrap();
        let folder = Path::new(document).parent().unwrap();
        for link in links(&text).filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap();
            assert!(
                Path::new(TOP).join(folder).join(file).exists(),
                "{document}: {link}"
            );
        }
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
