//! Errors of configurations of stages, and the places that they name.

use insta::assert_snapshot;
use log_pipeline::{Clock, Stages};
use loki_push::Timestamp;

fn errors(config: &str) -> Vec<(String, String)> {
    let clock = Clock::new(|| Timestamp::EPOCH);
    match Stages::parse(config, &clock) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .0
            .iter()
            .map(|error| (error.place.clone(), error.to_string()))
            .collect(),
    }
}

/// A configuration, the place of its only error, and a part of its message.
const BAD: [(&str, &str, &str); 63] = [
    (
        r#"[{"redact":{"kinds":["mail"]}}]"#,
        "[0].redact.kinds",
        "expected email, ip, credit_card, aws_access_key, jwt or bearer",
    ),
    (
        r#"[{"redact":{"kinds":[]}}]"#,
        "[0].redact.kinds",
        "expected a list of kinds",
    ),
    (
        r#"[{"redact":{"kinds":"email"}}]"#,
        "[0].redact.kinds",
        "expected a list of strings",
    ),
    (
        r#"[{"redact":{"kind":["email"]}}]"#,
        "[0].redact.kind",
        "did you mean kinds?",
    ),
    (" ", "", "not JSON"),
    ("[", "", "not JSON"),
    (r#"{"json":{}}"#, "", "is an object; expected a list of stages"),
    ("[5]", "[0]", "is a number; expected an object"),
    (
        r#"[{"unpack":{}}]"#,
        "[0].unpack",
        "expected one of cri, decolorize",
    ),
    ("- json:\n    expressions: {a: b}", "", "looks like YAML"),
    (
        r#"[{"json":{"expresions":{"a":""},"expressions":{"a":""}}}]"#,
        "[0].json.expresions",
        "unknown field; did you mean expressions?",
    ),
    (
        r#"[{"drop":{"longer_than":"1kb","regex":"x"}}]"#,
        "[0].drop.regex",
        "unknown field; expected one of source, value",
    ),
    (
        r#"[{"multiline":{"firstline":"a","maxlines":5}}]"#,
        "[0].multiline.maxlines",
        "did you mean max_lines?",
    ),
    (
        r#"[{"match":{"selector":"{a=\"b\"}","stages":[{"output":{"source":"a","sources":"b"}}]}}]"#,
        "[0].match.stages[0].output.sources",
        "did you mean source?",
    ),
    (
        r#"[{"match":{"selector":"{a=\"b\"}","stage":[],"stages":[{"decolorize":null}]}}]"#,
        "[0].match.stage",
        "did you mean stages?",
    ),
    (
        r#"[{"metrics":{"x":{"type":"Counter","config":{"action":"inc","matchall":true}}}}]"#,
        "[0].metrics.x.config.matchall",
        "did you mean match_all?",
    ),
    (
        r#"[{"metrics":{"x":{"type":"Counter","desc":"d","config":{"action":"inc"}}}}]"#,
        "[0].metrics.x.desc",
        "did you mean description?",
    ),
    (
        r#"[{"docker":{"a":1}}]"#,
        "[0].docker.a",
        "expected an empty object",
    ),
    (r#"[{"JSON":{}}]"#, "[0].JSON", "there is no such stage"),
    (r#"[{"json":["a"]}]"#, "[0].json", "is a list; expected an object"),
    (r#"[null,{"json":{}}]"#, "[1].json.expressions", "is missing"),
    (
        r#"[{"json":{"expressions":{"a":5}}}]"#,
        "[0].json.expressions.a",
        "expected a string",
    ),
    (
        r#"[{"json":{"expressions":{"a":"a["}}}]"#,
        "[0].json.expressions.a",
        "JMESPath",
    ),
    (
        r#"[{"json":{"expressions":{"a":""},"source":""}}]"#,
        "[0].json.source",
        "is empty",
    ),
    (
        r#"[{"json":{"expressions":{"a":""},"drop_malformed":"true"}}]"#,
        "[0].json.drop_malformed",
        "expected true or false",
    ),
    (r#"[{"logfmt":{"mapping":{}}}]"#, "[0].logfmt.mapping", "is empty"),
    (r#"[{"regex":{"expression":"("}}]"#, "[0].regex.expression", "RE2"),
    (r#"[{"regex":{}}]"#, "[0].regex.expression", "is missing"),
    (
        r#"[{"replace":{"expression":"a{1001}"}}]"#,
        "[0].replace.expression",
        "1000",
    ),
    (
        r#"[{"template":{"template":"x"}}]"#,
        "[0].template.source",
        "is missing",
    ),
    (
        r#"[{"template":{"source":"a","template":"{{ nope }}"}}]"#,
        "[0].template.template",
        "nope",
    ),
    (
        r#"[{"replace":{"expression":"(a)","replace":"{{ env \"A\" }}"}}]"#,
        "[0].replace.replace",
        "not supported",
    ),
    (
        r#"[{"timestamp":{"source":"t"}}]"#,
        "[0].timestamp.format",
        "is missing",
    ),
    (
        r#"[{"timestamp":{"source":"t","format":"Unix","location":"Mars/Base"}}]"#,
        "[0].timestamp.location",
        "Europe/Berlin",
    ),
    (
        r#"[{"timestamp":{"source":"t","format":"Unix","action_on_failure":"drop"}}]"#,
        "[0].timestamp.action_on_failure",
        "expected fudge or skip",
    ),
    (
        r#"[{"timestamp":{"source":"t","format":"Unix","fallback_formats":"Unix"}}]"#,
        "[0].timestamp.fallback_formats",
        "expected a list of strings",
    ),
    (r#"[{"output":null}]"#, "[0].output.source", "is missing"),
    (r#"[{"labels":{"a-b":"x"}}]"#, "[0].labels.a-b", "[a-zA-Z_]"),
    (
        r#"[{"static_labels":{"a":1}}]"#,
        "[0].static_labels.a",
        "expected a string",
    ),
    (
        r#"[{"structured_metadata":{"a.b":"x"}}]"#,
        "[0].structured_metadata.a.b",
        "[a-zA-Z_]",
    ),
    (
        r#"[{"labeldrop":"app"}]"#,
        "[0].labeldrop",
        "expected a list of label names",
    ),
    (r#"[{"labelallow":[]}]"#, "[0].labelallow", "is empty"),
    (r#"[{"labeldrop":["a",5]}]"#, "[0].labeldrop[1]", "is a number"),
    (
        r#"[{"tenant":{}}]"#,
        "[0].tenant",
        "one of value, source and label",
    ),
    (
        r#"[{"tenant":{"value":"a","label":"b"}}]"#,
        "[0].tenant",
        "exclude one another",
    ),
    (
        r#"[{"drop":{"value":"x"}}]"#,
        "[0].drop",
        "expected one of source",
    ),
    (
        r#"[{"drop":{"source":["a",5]}}]"#,
        "[0].drop.source",
        "a list of strings",
    ),
    (
        r#"[{"drop":{"older_than":"1d"}}]"#,
        "[0].drop.older_than",
        "the largest unit is h",
    ),
    (
        r#"[{"drop":{"longer_than":"1.5kb"}}]"#,
        "[0].drop.longer_than",
        "such as 8kb",
    ),
    (
        r#"[{"match":{"selector":"{}","action":"drop"}}]"#,
        "[0].match.selector",
        "column 2",
    ),
    (
        r#"[{"match":{"selector":"{a=\"b\"}","action":"x"}}]"#,
        "[0].match.action",
        "keep or drop",
    ),
    (
        r#"[{"match":{"selector":"{a=\"b\"}"}}]"#,
        "[0].match.stages",
        "the action keep needs stages",
    ),
    (
        r#"[{"match":{"selector":"{a=\"b\"}","stages":[{"json":{"expressions":{"a":"a"},"source":5}}]}}]"#,
        "[0].match.stages[0].json.source",
        "is a number; expected a string",
    ),
    (r#"[{"multiline":{}}]"#, "[0].multiline.firstline", "is missing"),
    (
        r#"[{"multiline":{"firstline":"a","max_wait_time":"3"}}]"#,
        "[0].multiline.max_wait_time",
        "expected a duration",
    ),
    (
        r#"[{"pack":{"labels":{}}}]"#,
        "[0].pack.labels",
        "expected a list of strings",
    ),
    (
        r#"[{"limit":{"rate":1}}]"#,
        "[0].limit.burst",
        "expected a number above 0",
    ),
    (
        r#"[{"limit":{"rate":1,"burst":1,"by_label_name":"a"}}]"#,
        "[0].limit",
        "drop: true",
    ),
    (
        r#"[{"sampling":{"rate":1.5}}]"#,
        "[0].sampling.rate",
        "from 0 to 1",
    ),
    (
        r#"[{"eventlogmessage":{"source":"a b"}}]"#,
        "[0].eventlogmessage.source",
        "[a-zA-Z_]",
    ),
    (
        r#"[{"cri":{"max_partial_line_size":"8kb"}}]"#,
        "[0].cri.max_partial_line_size",
        "a whole number",
    ),
    (
        r#"[{"geoip":{"source":"ip","db":"/nope.mmdb","db_type":"city"}}]"#,
        "[0].geoip.db",
        "file /nope.mmdb",
    ),
    (
        r#"[{"metrics":{"x":{"type":"Counter","config":{"action":"dec"}}}}]"#,
        "[0].metrics.x.config.action",
        "expected inc or add",
    ),
];

#[test]
fn an_error_names_its_place_and_what_is_allowed() {
    let mut all = String::new();
    for (config, place, says) in BAD {
        let errors = errors(config);
        let [(found, message)] = &errors[..] else {
            panic!("{config}: {errors:?}");
        };
        assert_eq!(found, place, "{config}");
        assert!(
            message.starts_with(place) && message.contains(says),
            "{config}: {message}"
        );
        all += &format!("{config}\n    {message}\n");
    }
    assert_snapshot!("texts", all);
}

#[test]
fn all_errors_are_found_at_once() {
    let config = r#"[
        {"regex": {"expression": "(", "source": ""}, "nope": 1},
        {"match": {"selector": "{", "stages": [{"output": {}}, {"match": {"selector": "{a=\"b\"}", "stages": [{"x": 1}]}}]}},
        {"metrics": {"a": {"type": "x"}, "b": 5}}
    ]"#;
    let places: Vec<String> = errors(config).into_iter().map(|(place, _)| place).collect();
    assert_eq!(
        places,
        [
            "[0].regex.expression",
            "[0].regex.source",
            "[0].nope",
            "[1].match.selector",
            "[1].match.stages[0].output.source",
            "[1].match.stages[1].match.stages[0].x",
            "[2].metrics.a.type",
            "[2].metrics.b",
        ]
    );
}

/// Checks the limit for nested stages, which is below serde_json's limit of 128 levels.
#[test]
fn nested_stages_have_a_limit() {
    let depth = 31;
    let open = r#"[{"match":{"selector":"{a=\"b\"}","stages":"#.repeat(depth);
    let config = format!(
        "{open}[{{\"output\":{{\"source\":\"a\"}}}}]{}",
        "}}]".repeat(depth)
    );
    let errors = errors(&config);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].1.contains("nested"), "{errors:?}");
}
