//! Checks whether the documentation is plain technical English, as far as counting can tell.

use std::error::Error;

use crate::source::{self, Finding};
use crate::{comments, docs};

/// The largest share of function docs, in percent, that may begin with neither "Returns" nor another third-person verb.
const MOST_FUNCTION_DOCS: f64 = 10.0;
/// The largest share of comments, per thousand, that may say "is no" where English says "is not a".
const MOST_COMMENTS: f64 = 3.0;

/// Counts all Rust sources of the workspace, prints the shares, and returns whether they are within the limits.
///
/// # Errors
/// Returns an error if a source file cannot be read or is not Rust.
pub(crate) fn check(list: bool) -> Result<bool, Box<dyn Error>> {
    let mut functions = Count::default();
    let mut lines = Count::default();
    for file in source::rust_files()? {
        functions.add(docs::of_functions(&file)?);
        lines.add(comments::of(&file));
    }
    if list {
        for finding in functions.findings.iter().chain(&lines.findings) {
            println!("{finding}");
        }
    }
    let few_functions = functions.report(
        100.0,
        MOST_FUNCTION_DOCS,
        "function docs that begin with neither \"Returns\" nor another third-person verb, per 100",
    );
    let few_lines = lines.report(
        1000.0,
        MOST_COMMENTS,
        "comments that say \"is no\" in place of \"is not a\", per 1000",
    );
    Ok(few_functions && few_lines)
}

/// The number of docs or comments that were checked, and the findings among them.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) all: usize,
    pub(crate) findings: Vec<Finding>,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.findings.extend(other.findings);
    }

    /// Prints the share, and returns whether it is within the limit.
    fn report(&self, scale: f64, limit: f64, what: &str) -> bool {
        let share = scale * self.findings.len() as f64 / self.all.max(1) as f64;
        println!(
            "{share:>5.1} (limit {limit}) {what}: {} of {}",
            self.findings.len(),
            self.all
        );
        share <= limit
    }
}
