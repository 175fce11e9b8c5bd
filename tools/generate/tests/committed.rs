//! The committed files are what the code says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use generate::{REGIONS, stale, write};

const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[test]
fn the_committed_files_are_what_the_code_says() {
    let stale = stale(Path::new(TOP)).unwrap();
    assert!(
        stale.is_empty(),
        "run `cargo xtask generate`: it changes {stale:?}"
    );
}

#[test]
fn a_changed_part_is_named_and_written_again() {
    let copy = tempfile::tempdir().unwrap();
    let files: BTreeSet<&str> = REGIONS.iter().map(|region| region.file).collect();
    let others = ["deploy/terraform/variables.tf", "deploy/terraform/outputs.tf"];
    for file in files.into_iter().chain(others) {
        let target = copy.path().join(file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(Path::new(TOP).join(file), target).unwrap();
    }
    let examples = Path::new("deploy/terraform/examples");
    for example in fs::read_dir(Path::new(TOP).join(examples)).unwrap() {
        let example = examples.join(example.unwrap().file_name());
        fs::create_dir_all(copy.path().join(&example)).unwrap();
        let main = example.join("main.tf");
        fs::copy(Path::new(TOP).join(&main), copy.path().join(&main)).unwrap();
    }
    assert_eq!(stale(copy.path()).unwrap(), [""; 0]);

    let template = copy.path().join("deploy/cloudformation/template.yaml");
    let committed = fs::read_to_string(&template).unwrap();
    fs::write(&template, committed.replace("  BatchSize:\n", "  BatchLength:\n")).unwrap();
    assert_eq!(
        stale(copy.path()).unwrap(),
        ["deploy/cloudformation/template.yaml"]
    );
    assert_eq!(
        write(copy.path()).unwrap(),
        ["deploy/cloudformation/template.yaml"]
    );
    assert_eq!(fs::read_to_string(&template).unwrap(), committed);
    assert_eq!(write(copy.path()).unwrap(), [""; 0]);
}

/// Returns name and description of each parameter of the template and each variable of the module, in lower case.
fn descriptions() -> Vec<(String, String)> {
    let template = fs::read_to_string(Path::new(TOP).join("deploy/cloudformation/template.yaml")).unwrap();
    let parameters = template.split("\nRules:\n").next().unwrap().to_owned();
    let module = Path::new(TOP).join("deploy/terraform");
    let variables = ["variables.tf", "variables_settings.tf", "variables_upstream.tf"]
        .map(|name| fs::read_to_string(module.join(name)).unwrap());
    let mut descriptions = Vec::new();
    for (file, before_name) in [(parameters, "  "), (variables.concat(), "variable \"")] {
        let mut name = String::new();
        for line in file.to_lowercase().lines() {
            if let Some(description) = line.trim().strip_prefix("description") {
                descriptions.push((name.clone(), description.to_owned()));
            } else if let Some(found) = line
                .strip_prefix(before_name)
                .filter(|rest| !rest.starts_with(' '))
            {
                name = found.chars().filter(char::is_ascii_alphanumeric).collect();
            }
        }
    }
    descriptions
}

/// Checks that no description is like "Names of the buckets" for `bucket_names`.
#[test]
fn descriptions_say_more_than_the_name() {
    let descriptions = descriptions();
    assert!(descriptions.len() > 140, "{} descriptions", descriptions.len());
    for (name, description) in descriptions {
        let words = description.split(|char: char| !char.is_ascii_alphanumeric());
        let new = words
            .filter(|word| word.len() > 2 && !name.contains(*word))
            .count();
        assert!(new >= 3, "{name}{description}");
    }
}
