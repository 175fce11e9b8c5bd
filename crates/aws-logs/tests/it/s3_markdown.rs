//! The tables of S3 types in the book are those that the types' documentation gives.

use std::fs;
use std::path::Path;

use aws_logs::s3::{labels_markdown, types_markdown};

/// Asserts that the part of the page between the markers is the generated text.
fn assert_generated(page: &str, name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/src")
        .join(page);
    let text = fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- generated: {name} -->\n");
    let part = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once("<!-- end -->"))
        .map(|(part, _)| part);
    let Some(part) = part else {
        panic!(
            "docs/src/{page} has no part between `{}` and `<!-- end -->`",
            begin.trim_end()
        );
    };
    assert!(
        part.trim() == generated.trim(),
        "the part {name:?} of docs/src/{page} is out of date: `cargo xtask generate` writes it anew. It should be:\n\n{generated}"
    );
}

#[test]
fn the_types_in_the_book_are_those_of_the_code() {
    assert_generated("sources/s3.md", "s3-types", &types_markdown());
}

#[test]
fn the_labels_in_the_book_are_those_of_the_code() {
    assert_generated("labels.md", "s3-labels", &labels_markdown());
}
