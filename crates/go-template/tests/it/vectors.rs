//! The rows of promtail's stages that are about templates, with as much of the other stages as they need.

use std::collections::BTreeMap;

use go_template::{Context, Data, Template};
use go_time::Time;
use serde_json::Value as Json;

const VECTORS: &str = include_str!("../../../log-pipeline/tests/data/stage-vectors.json");

/// The rows that are tested elsewhere, and the one with another result here.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "template/err-no-source",
        "the stage's configuration, not the template's",
    ),
    (
        "template/env-is-readable",
        "refused: a template reads the event and nothing else",
    ),
];

/// An entry as stages see it. A missing value is `None`.
struct Entry {
    line: String,
    extracted: BTreeMap<String, Option<String>>,
}

fn text_of(json: &Json) -> Option<String> {
    match json {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        // Go writes whole floats without a point.
        Json::Number(number) => Some(number.as_f64().unwrap().to_string()),
        other => Some(other.to_string()),
    }
}

fn run_stage(entry: &mut Entry, kind: &str, config: &Json) -> Result<(), String> {
    match kind {
        "json" => {
            let document: Json = serde_json::from_str(&entry.line).unwrap_or(Json::Null);
            for (name, expression) in config["expressions"].as_object().unwrap() {
                let path = expression.as_str().unwrap_or(name).trim_matches('"');
                entry.extracted.insert(name.clone(), text_of(&document[path]));
            }
        }
        "output" => {
            let found = entry
                .extracted
                .get(config["source"].as_str().unwrap())
                .cloned()
                .flatten();
            entry.line = found.unwrap_or_else(|| entry.line.clone());
        }
        "template" => {
            let source = config["source"].as_str().unwrap();
            let template =
                Template::parse(config["template"].as_str().unwrap_or("")).map_err(|e| e.to_string())?;
            let known = entry
                .extracted
                .iter()
                .filter_map(|(name, text)| Some((name.as_str(), text.as_deref()?)));
            let mut data: Data = known.collect();
            if let Some(Some(value)) = entry.extracted.get(source) {
                data.insert("Value", value);
            }
            data.insert("Entry", &entry.line);
            match template.execute(data, &Context::new(&Time::utc(0, 0))) {
                Ok(text) if text.is_empty() => {
                    entry.extracted.remove(source);
                }
                Ok(text) => {
                    entry.extracted.insert(source.to_owned(), Some(text));
                }
                Err(_) => {}
            }
        }
        other => return Err(format!("no stage {other} here")),
    }
    Ok(())
}

fn run_row(row: &Json) -> Result<Entry, String> {
    let input = &row["input"];
    let labels = input["labels"].as_object().unwrap();
    let mut entry = Entry {
        line: input["line"].as_str().unwrap().to_owned(),
        extracted: labels
            .iter()
            .map(|(name, text)| (name.clone(), text_of(text)))
            .collect(),
    };
    for stage in row["stages"].as_array().unwrap() {
        for (kind, config) in stage.as_object().unwrap() {
            run_stage(&mut entry, kind, config)?;
        }
    }
    Ok(entry)
}

#[test]
fn rows_about_templates_give_what_promtail_gives() {
    let rows: Vec<Json> = serde_json::from_str(VECTORS).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in &rows {
        let name = row["name"].as_str().unwrap();
        if !name.starts_with("template/") || ELSEWHERE.iter().any(|(elsewhere, _)| *elsewhere == name) {
            continue;
        }
        count += 1;
        let expect = &row["expect"];
        match run_row(row) {
            Ok(entry) => {
                let extracted = expect["extracted"].as_object().cloned().unwrap_or_default();
                let extracted: BTreeMap<_, _> =
                    extracted.iter().map(|(n, v)| (n.clone(), text_of(v))).collect();
                // The rows omit an empty map.
                if expect["line"] != entry.line.as_str() || extracted != entry.extracted {
                    wrong.push(format!(
                        "{name}: {:?} {:?}, not {expect}",
                        entry.line, entry.extracted
                    ));
                }
            }
            Err(error) if expect["config_error"].is_null() => wrong.push(format!("{name}: {error}")),
            Err(_) => {}
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(count, 57);
}

#[test]
fn the_environment_is_not_readable() {
    let rows: Vec<Json> = serde_json::from_str(VECTORS).unwrap();
    let row = rows
        .iter()
        .find(|row| row["name"] == "template/env-is-readable")
        .unwrap();
    let Err(error) = run_row(row) else {
        panic!("it is refused")
    };
    assert!(error.contains("\"env\" not supported"), "{error}");
}
