//! A table of what Go's package `regexp` matches, replaces and refuses (`data/go.json`).

use go_regex::{Captures, Regex, SyntaxErrorKind};
use serde::Deserialize;

/// A pattern with Go's results: an error, or the names of its groups and the results for some texts.
#[derive(Deserialize)]
struct Row {
    pattern: String,
    error: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    /// The result of `FindAllStringSubmatchIndex`: start and end of each group of each match, -1 for a group that did
    /// not take part.
    matches: Vec<Vec<i64>>,
    /// The template for `ReplaceAllString`, and its result.
    template: String,
    replaced: String,
    /// The limit for `Split`, and its result.
    limit: i64,
    split: Vec<String>,
}

#[test]
fn patterns_match_replace_and_split_as_in_go() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../data/go.json")).unwrap();
    assert!(rows.len() > 300, "{}", rows.len());
    assert!(rows.iter().filter(|row| row.error.is_some()).count() > 60);
    let wrong: Vec<String> = rows.iter().filter_map(|row| check(row).err()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} rows:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

fn check(row: &Row) -> Result<(), String> {
    let pattern = &row.pattern;
    let regex = match (Regex::new(pattern), &row.error) {
        (Ok(regex), None) => regex,
        (Err(error), Some(code)) if go_codes(&error.kind).contains(&code.as_str()) => return Ok(()),
        (Ok(_), Some(code)) => return Err(format!("{pattern:?}: compiled; Go: {code}")),
        (Err(error), go) => return Err(format!("{error}; Go: {go:?}")),
    };
    let names: Vec<&str> = regex.group_names().map(Option::unwrap_or_default).collect();
    same(pattern, "group names", &names, &row.names)?;
    for case in &row.cases {
        let at = format!("{pattern:?} in {:?}", case.text);
        let found: Vec<_> = regex
            .captures_iter(&case.text)
            .map(|found| indexes(&found))
            .collect();
        same(&at, "matches", &found, &case.matches)?;
        let replaced = regex.replace_all(&case.text, &case.template);
        same(&at, &case.template, &replaced, &case.replaced)?;
        let split = regex.split(&case.text, usize::try_from(case.limit).ok());
        same(&at, &format!("split {}", case.limit), &split, &case.split)?;

        let whole: Vec<_> = found.iter().map(|found| (found[0], found[1])).collect();
        let finds: Vec<_> = regex
            .find_iter(&case.text)
            .map(|found| (found.start as i64, found.end as i64))
            .collect();
        same(&at, "find_iter", &finds, &whole)?;
        same(&at, "is_match", &regex.is_match(&case.text), &!whole.is_empty())?;
    }
    Ok(())
}

fn same<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(
    at: &str,
    what: &str,
    here: &A,
    go: &B,
) -> Result<(), String> {
    match here == go {
        true => Ok(()),
        false => Err(format!("{at}: {what}: {here:?}; Go: {go:?}")),
    }
}

fn indexes(captures: &Captures<'_, '_>) -> Vec<i64> {
    let group = |group| match captures.range_of(group) {
        Some(range) => [range.start as i64, range.end as i64],
        None => [-1, -1],
    };
    (0..captures.len()).flat_map(group).collect()
}

/// Returns Go's error codes for the error.
fn go_codes(kind: &SyntaxErrorKind) -> &'static [&'static str] {
    match kind {
        SyntaxErrorKind::LookAround(_) => &["invalid or unsupported Perl syntax", "invalid named capture"],
        SyntaxErrorKind::BackReference(_) | SyntaxErrorKind::Escape(_) => &["invalid escape sequence"],
        SyntaxErrorKind::Group(_) => &["invalid or unsupported Perl syntax"],
        SyntaxErrorKind::GroupName(_) => &["invalid named capture"],
        SyntaxErrorKind::TrailingBackslash => &["trailing backslash at end of expression"],
        SyntaxErrorKind::ClassRange(_) => &["invalid character class range"],
        SyntaxErrorKind::MissingBracket(_) => &["missing closing ]"],
        SyntaxErrorKind::MissingParenthesis => &["missing closing )"],
        SyntaxErrorKind::UnexpectedParenthesis => &["unexpected )"],
        SyntaxErrorKind::NothingToRepeat(_) => &["missing argument to repetition operator"],
        SyntaxErrorKind::NestedRepetition(_) => &["invalid nested repetition operator"],
        SyntaxErrorKind::RepeatCount(_) => &["invalid repeat count"],
        SyntaxErrorKind::Nesting(_) => &["expression nests too deeply"],
        SyntaxErrorKind::TooLarge(_) => &["expression too large"],
        SyntaxErrorKind::Refused(_) => &[],
    }
}
