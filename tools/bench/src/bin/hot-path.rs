//! The program for `.ci/instructions`, which runs the whole hot path once over one kind of log, for callgrind to count.
//!
//! `hot-path make FOLDER` generates the inputs, so that this does not run under callgrind, and writes the names of the
//! cases. `hot-path ship FOLDER NAME` runs one of them.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;

use aws_events::Event;
use bench::{HotPath, Input, Source};
use testkit::corpora::Corpus;

const USAGE: &str = "usage: hot-path make FOLDER | hot-path ship FOLDER NAME";
const BYTES: usize = 4 << 20;

/// What is counted by one name: a log, and the pipeline stages that it goes through.
struct Case {
    name: &'static str,
    source: Source,
    stages: &'static str,
}

/// Returns each log without stages, and ALB's with all kinds of redaction.
fn cases() -> impl Iterator<Item = Case> {
    let plain = Source::all().map(|source| Case {
        name: source.name(),
        source,
        stages: "",
    });
    let redacted = Case {
        name: "alb-redacted",
        source: Source::Object(Corpus::Alb),
        stages: r#"[{"redact":{}}]"#,
    };
    plain.chain([redacted])
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout();
    match arguments.as_slice() {
        ["make", folder] => {
            for source in Source::all() {
                Input::make(source, BYTES).write(Path::new(folder))?;
            }
            for case in cases() {
                writeln!(out, "{}", case.name)?;
            }
        }
        ["ship", folder, name] => {
            let case = cases().find(|case| case.name == *name).ok_or(USAGE)?;
            let input = Input::read(case.source, Path::new(folder))?;
            let (path, events) = (HotPath::with_stages(&input, case.stages), input.events());
            writeln!(out, "{}", counted(&path, events))?;
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

/// Ships the events. Callgrind counts the instructions within this function, which it finds by its name.
#[inline(never)]
fn counted(path: &HotPath, events: Vec<Event>) -> u64 {
    path.ship(events, &mut |push| {
        black_box(push);
    })
}
