//! The program for `.ci/instructions`, which runs the whole hot path once over one kind of log, for callgrind to count.
//!
//! `hot-path make FOLDER` generates the inputs, so that this does not run under callgrind. `hot-path ship FOLDER NAME`
//! ships one of them.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;

use aws_events::Event;
use bench::{HotPath, Input, Source};

const USAGE: &str = "usage: hot-path make FOLDER | hot-path ship FOLDER NAME";
const BYTES: usize = 4 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout();
    match arguments.as_slice() {
        ["make", folder] => {
            for source in Source::all() {
                Input::make(source, BYTES).write(Path::new(folder))?;
                writeln!(out, "{}", source.name())?;
            }
        }
        ["ship", folder, name] => {
            let source = Source::all().find(|source| source.name() == *name);
            let input = Input::read(source.ok_or(USAGE)?, Path::new(folder))?;
            let (path, events) = (HotPath::new(&input), input.events());
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
