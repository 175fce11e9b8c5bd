//! A table of the results of Go 1.26's `text/template` with sprig 3.3.0.

use go_template::{Context, Data, Template};
use go_time::Time;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    template: String,
    output: Option<String>,
    /// The phase in which the template fails: `parse` or `exec`.
    error: Option<String>,
}

/// The rows with another result here, and the reason.
const DIFFERENT: &[(&str, &str)] = &[
    ("{{ 1i }}", "complex numbers are no constants here"),
    (
        r#"{{ env "PATH" | len | lt 0 }}{{/* listed */}}"#,
        "a template reads the event and nothing else",
    ),
];

fn data() -> Data {
    Data::from_iter([
        ("app", "web"),
        ("n", "5"),
        ("f", "2.25"),
        ("Entry", "banana split"),
        ("Value", "a,b,c"),
        ("json", r#"{"a":1,"b":[true,null,"x"],"c":{"d":"<e>"}}"#),
        ("a-b", "dash"),
        ("uni", "héllo wörld"),
        ("empty", ""),
        ("zero", "0"),
        ("multi", "l1\nl2"),
    ])
}

#[test]
fn templates_give_what_go_gives() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../data/go.json")).unwrap();
    assert!(rows.len() > 300);
    let now = Time::utc(1_714_979_289, 123_456_789);
    let wrong: Vec<_> = rows
        .iter()
        .filter(|row| !DIFFERENT.iter().any(|(template, _)| *template == row.template))
        .filter_map(|row| {
            let result = match Template::parse(&row.template) {
                Err(error) => Err(("parse", error.to_string())),
                Ok(template) => template
                    .execute(data(), &Context::new(&now))
                    .map_err(|error| ("exec", error.to_string())),
            };
            let right = match (&result, &row.output, &row.error) {
                (Ok(text), Some(expected), None) => text == expected,
                (Err((when, _)), None, Some(expected)) => when == expected,
                _ => false,
            };
            let expected = row.output.as_ref().or(row.error.as_ref());
            (!right).then(|| format!("{}\n   {result:?}\n   {expected:?}", row.template))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
    for (template, reason) in DIFFERENT {
        assert!(
            rows.iter().any(|row| row.template == *template),
            "{reason}: {template}"
        );
    }
}
