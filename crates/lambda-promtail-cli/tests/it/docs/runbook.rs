//! The runbook in `operations.md`: its alarms, and its queries of CloudWatch Logs Insights.

use std::fs;
use std::path::Path;

use super::book::{blocks, pages};
use crate::support::TOP;

/// Queries of CloudWatch Logs Insights name fields that a table of the same page documents, or that they make.
#[test]
fn queries_of_insights_name_fields_of_the_log() {
    const WORDS: [&str; 20] = [
        "filter",
        "stats",
        "sort",
        "limit",
        "fields",
        "by",
        "as",
        "and",
        "desc",
        "count",
        "latest",
        "sum",
        "bin",
        "m",
        "timestamp",
        "message",
        "level",
        "requestId",
        "ERROR",
        "invocation",
    ];
    let mut count = 0;
    for block in blocks().iter().filter(|block| block.info == "insights") {
        let words: Vec<&str> = block
            .text
            .split(|char: char| !char.is_ascii_alphabetic() && char != '_')
            .filter(|word| !word.is_empty())
            .collect();
        let made = words
            .windows(2)
            .filter(|pair| pair[0] == "as")
            .map(|pair| pair[1]);
        let made: Vec<&str> = made.collect();
        let page = &pages()[&block.page];
        for word in &words {
            let is_documented = page.lines().any(|line| {
                let cell = line.strip_prefix("| ").and_then(|row| row.split(" | ").next());
                cell.is_some_and(|cell| cell.contains(&format!("`{word}`")))
            });
            let is_known = is_documented || WORDS.contains(word) || made.contains(word);
            assert!(is_known, "{}: {word}", block.place());
        }
        count += 1;
    }
    assert!(count >= 3, "{count}");
}

/// The runbook has a row for each alarm of the deployments.
#[test]
fn the_runbook_has_each_alarm() {
    let page = &pages()["operations.md"];
    let (_, runbook) = page.split_once("### When an alarm goes off\n").unwrap();
    let (table, _) = runbook.split_once("\n### ").unwrap();
    let template = fs::read_to_string(Path::new(TOP).join("deploy/cloudformation/template.yaml")).unwrap();
    let named = template.split("AlarmName: !Sub ${AWS::StackName}-").skip(1);
    let mut alarms: Vec<&str> = named.map(|rest| rest.lines().next().unwrap()).collect();
    assert!(alarms.len() >= 10, "{alarms:?}");
    // Of the module, which has queues behind EventBridge too.
    alarms.extend(["eventbridge-queue-age", "eventbridge-dead-letter-queue"]);
    for alarm in alarms {
        assert!(table.contains(&format!("`{alarm}`")), "{alarm}");
    }
}
