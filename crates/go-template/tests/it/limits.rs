//! Tests of the limits: no template runs for long or ends the process.

use std::time::{Duration, Instant};

use go_template::{Context, Data, ExecError, Limits, Template, TemplateErrorKind};
use go_time::Time;
use proptest::prelude::*;

fn run(template: &str) -> Result<String, ExecError> {
    run_with(template, Limits::default())
}

fn run_with(template: &str, limits: Limits) -> Result<String, ExecError> {
    let now = Time::utc(1_714_979_289, 0);
    let data = Data::from_iter([("app", "web"), ("n", "5"), ("Entry", "some é line")]);
    let context = Context { now: &now, limits };
    Template::parse(template).unwrap().execute(data, &context)
}

#[test]
fn a_template_that_exceeds_a_limit_is_an_error() {
    for template in [
        r#"{{ range until 1000000000 }}{{ end }}"#,
        r#"{{ range 9223372036854775807 }}{{ end }}"#,
        r#"{{ untilStep -9223372036854775808 9223372036854775807 1 }}"#,
        r#"{{ seq 1 1000000000 }}"#,
        r#"{{ repeat 1000000000 "x" }}"#,
        r#"{{ repeat 9223372036854775807 "xx" }}"#,
        r#"{{ printf "%1000000d%1000000d%1000000d%1000000d%1000000d" 1 2 3 4 5 }}"#,
        r#"{{ $l := until 1000 }}{{ range $l }}{{ range $l }}{{ range $l }}{{ end }}{{ end }}{{ end }}"#,
        r#"{{ $s := "xxxxxxxx" }}{{ range 60 }}{{ $s = print $s $s }}{{ end }}"#,
        r#"{{ $s := "xxxxxxxx" }}{{ range 60 }}{{ $s = Replace $s "x" "xxxxxxxx" -1 }}{{ end }}"#,
        r#"{{ $s := "xxxxxxxx" }}{{ range 60 }}{{ $s = regexReplaceAll "(x+)" $s "$1$1$1" }}{{ end }}"#,
        r#"{{ $l := list 1 }}{{ range 90 }}{{ $l = list $l $l }}{{ end }}{{ $l }}"#,
        r#"{{ $l := list 1 }}{{ range 90 }}{{ $l = list $l $l }}{{ end }}{{ toJson $l }}"#,
        r#"{{ $l := list 1 }}{{ range 90 }}{{ $l = list $l $l }}{{ end }}{{ $k := deepCopy $l }}"#,
        r#"{{ $l := list 1 }}{{ range 90 }}{{ $l = concat $l $l }}{{ end }}"#,
        r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}"#,
        r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toJson $d }}"#,
        r#"{{ $d := dict }}{{ $_ := set $d "d" (list $d) }}{{ deepCopy $d }}"#,
        r#"{{ $a := dict }}{{ $b := dict }}{{ $_ := set $a "d" $a }}{{ $_ := set $b "d" $b }}{{ deepEqual $a $b }}"#,
        r#"{{ $a := dict }}{{ $b := dict }}{{ $_ := set $a "d" $a }}{{ $_ := set $b "d" $b }}{{ merge $a $b }}"#,
        r#"{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}"#,
        r#"{{ define "x" }}{{ template "x" }}{{ template "x" }}{{ end }}{{ template "x" }}"#,
        r#"{{ $l := list }}{{ range 1000 }}{{ $l = list $l }}{{ end }}"#,
        r#"{{ range 1000000 }}{{ indent 400000 "" }}{{ end }}"#,
        r#"{{ range 1000000 }}{{ regexMatch (print "a{1000}" .) "a" }}{{ end }}"#,
        r#"{{ range 3000000 }}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx{{ end }}"#,
        r#"{{ $s := repeat 400000 "x" }}{{ range 1000000 }}{{ $x := sha512sum $s }}{{ end }}"#,
        r#"{{ $s := repeat 400000 "x" }}{{ range 1000000 }}{{ $x := contains "y" $s }}{{ end }}"#,
        r#"{{ $s := repeat 400000 "x" }}{{ range 1000000 }}{{ $x := trimAll "y" $s | upper | title }}{{ end }}"#,
        r#"{{ $s := repeat 400000 "x" }}{{ range 1000000 }}{{ if eq $s (print $s) }}{{ end }}{{ end }}"#,
        r#"{{ $s := repeat 400000 "x" }}{{ range 1000000 }}{{ $x := snakecase $s }}{{ end }}"#,
        r#"{{ $s := repeat 400000 "/" }}{{ range 1000000 }}{{ $x := clean $s | base }}{{ end }}"#,
        r#"{{ $s := repeat 400000 "1" }}{{ range 1000000 }}{{ $x := int $s }}{{ end }}"#,
    ] {
        let started = Instant::now();
        // The limits are a tenth of the default ones, because tests are not optimised.
        let limits = Limits {
            bytes: 400 << 10,
            steps: 200_000,
        };
        let Err(error) = run_with(template, limits) else {
            panic!("{template} has an end")
        };
        assert!(matches!(error, ExecError::Limit { .. }), "{template}: {error}");
        // The bound allows for a busy machine; otherwise it takes some hundredths of a second.
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "{template}: {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn the_caller_sets_the_limits() {
    let small = Limits {
        bytes: 10,
        steps: 100,
    };
    assert_eq!(run_with("0123456789", small).unwrap(), "0123456789");
    let bytes = run_with("0123456789a", small).unwrap_err();
    assert_eq!(bytes.to_string(), "template exceeds its limit of 10 bytes");
    let steps = run_with("{{ range 100 }}{{ end }}", small).unwrap_err();
    assert_eq!(steps.to_string(), "template exceeds its limit of 100 steps");
}

#[test]
fn an_error_names_its_line() {
    let text = |template| run(template).unwrap_err().to_string();
    assert_eq!(
        text("\n{{ fail \"broken\" }}"),
        "template: line 2: error calling fail: broken"
    );
    assert_eq!(
        text("\n{{ template \"line 7: x\" }}"),
        "template: line 2: template \"line 7: x\" not defined"
    );
    let error = run("\n\n{{ range list 1 }}\n{{ fail \"broken\" }}{{ end }}").unwrap_err();
    assert!(
        matches!(error, ExecError::Failed { line: Some(4), .. }),
        "{error}"
    );
}

#[test]
fn dicts_that_contain_each_other_are_freed() {
    // Dropped recursively, a chain of this length would overflow the stack.
    let chain = r#"{{ $root := dict }}{{ $at := $root }}{{ range 50000 }}{{ $next := dict }}{{ $_ := set $at "n" $next }}{{ $at = $next }}{{ end }}done"#;
    assert_eq!(run(chain).unwrap(), "done");
    let circle = r#"{{ $a := dict }}{{ $b := dict "a" $a }}{{ $_ := set $a "b" $b }}{{ $a.b.a.b | kindOf }}"#;
    assert_eq!(run(circle).unwrap(), "map");
}

#[test]
fn nesting_too_deeply_is_an_error() {
    let parens = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(
        Template::parse(&parens)
            .unwrap_err()
            .message
            .contains("nested deeper")
    );
    let ifs = format!("{}{}", "{{ if true }}".repeat(10_000), "{{ end }}".repeat(10_000));
    assert!(
        Template::parse(&ifs)
            .unwrap_err()
            .message
            .contains("nested deeper")
    );
    let elses = format!(
        "{{{{ if false }}}}{}{{{{ end }}}}",
        "{{ else if false }}".repeat(10_000)
    );
    assert!(
        Template::parse(&elses)
            .unwrap_err()
            .message
            .contains("nested deeper")
    );
    let json = format!(r#"{{{{ fromJson "{}" }}}}"#, "[".repeat(10_000));
    assert_eq!(run(&json).unwrap(), "<no value>");
}

#[test]
fn functions_that_are_left_out_say_why() {
    for (name, why) in [
        ("env", "data outside the event"),
        ("expandenv", "data outside the event"),
        ("getHostByName", "data outside the event"),
        ("uuidv4", "random"),
        ("randAlphaNum", "random"),
        ("genPrivateKey", "random"),
        ("shuffle", "random"),
        ("derivePassword", "keys"),
    ] {
        let error = Template::parse(&format!("a\n{{{{ {name} }}}}")).unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(error.kind, TemplateErrorKind::Unsupported);
        assert!(
            error.message.contains("not supported") && error.message.contains(why),
            "{error}"
        );
    }
    let unknown = Template::parse("{{ nofunc }}").unwrap_err();
    assert_eq!(unknown.kind, TemplateErrorKind::Syntax);
    assert_eq!(
        unknown.to_string(),
        "template, line 1: function \"nofunc\" not defined"
    );
}

#[test]
fn now_is_the_time_of_the_context() {
    let text =
        run(r#"{{ now | date "2006-01-02" }} {{ ago (int64 1714979200) }} {{ date "15:04:05" "no date" }}"#);
    assert_eq!(text.unwrap(), "2024-05-06 1m29s 07:08:09");
}

/// Returns a strategy for texts that look like templates.
fn template_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "{{", "}}", "{{-", "-}}", " ", "if ", "else ", "end", "range ", "with ", "define ", "template ", "block ",
            "break", "continue", ".", ".app", ".nope", "$", "$x", ":=", "=", "|", "(", ")", ",", "\"a\"", "`b`", "'c'",
            "1", "-1", "2.5", "0x1f", "nil", "true", "{{end}}", "{{if .app}}", "{{range $i, $x := list 1 2}}",
            "{{$x := dict \"a\" 1}}", "{{else}}", "{{/* c */}}", "\\", "\n", "é",
        ]).prop_map(str::to_owned),
        4 => function_name().prop_map(|name| format!(" {name} ")),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn function_name() -> impl Strategy<Value = String> {
    prop::sample::select(
        FUNCTIONS
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    )
}

/// Returns a strategy for calls with arguments of any type, most of which do not fit.
fn call() -> impl Strategy<Value = String> {
    let argument = prop::sample::select(vec![
        "1",
        "0",
        "-1",
        "-9223372036854775808",
        "9223372036854775807",
        "2.5",
        "1e300",
        "-0.5",
        "\"\"",
        "\"a\"",
        "\"é,b\"",
        "\"%d %s %[5]*v %-09.3x\"",
        "\"(a)|b*\"",
        "\"1.2.3-rc.1\"",
        "\"2006-01-02\"",
        "\"1h\"",
        "\"http://a:1/%41?x#y\"",
        "\"{\\\"a\\\":[1,null]}\"",
        "\"^1.x || >2 <3\"",
        "nil",
        "true",
        ".",
        ".app",
        ".nope",
        "now",
        "(list)",
        "(list 1 \"a\" nil (list 2) (dict \"k\" 1))",
        "(dict \"a\" (dict \"b\" nil))",
        "(dict)",
        "(until 3)",
        "(split \",\" \"a,b\")",
        "(semver \"1.2.3\")",
        "(chunk 1 (list 1 2))",
        "(index \"a\" 0)",
        "(add 1)",
    ]);
    (function_name(), prop::collection::vec(argument, 0..5))
        .prop_map(|(name, arguments)| format!("{{{{ {name} {} }}}}", arguments.join(" ")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_never_panics(text in template_text()) {
        if let Ok(template) = Template::parse(&text) {
            let now = Time::utc(0, 0);
            let limits = Limits { bytes: 100_000, steps: 100_000 };
            let context = Context { now: &now, limits };
            if let Ok(output) = template.execute(Data::from_iter([("app", "web é")]), &context) {
                prop_assert!(output.len() <= limits.bytes);
            }
        }
    }

    #[test]
    fn calls_never_panic(call in call()) {
        let limits = Limits { bytes: 100_000, steps: 100_000 };
        if let Err(ExecError::Failed { message, .. }) = run_with(&call, limits) {
            prop_assert!(!message.is_empty());
        }
    }

    #[test]
    fn a_template_gives_the_same_every_time(text in template_text()) {
        if let Ok(template) = Template::parse(&text) {
            let now = Time::utc(0, 0);
            let context = Context { now: &now, limits: Limits { bytes: 100_000, steps: 10_000 } };
            let run = || template.execute(Data::from_iter([("app", "web")]), &context);
            prop_assert_eq!(run(), run());
        }
    }
}

const FUNCTIONS: &str = "and or not len index call print println printf html js urlquery eq ne lt le gt ge \
    ToLower ToUpper Replace Trim TrimLeft TrimRight TrimPrefix TrimSuffix TrimSpace Hash Sha2Hash regexReplaceAll \
    regexReplaceAllLiteral hello upper lower trim trimAll trimPrefix trimSuffix trunc substr repeat contains hasPrefix \
    hasSuffix quote squote cat indent nindent replace plural toString toStrings join split splitn splitList nospace \
    initials title untitle swapcase camelcase snakecase kebabcase wrap wrapWith abbrev abbrevboth atoi int int64 float64 \
    toDecimal add1 add sub mul div mod max min maxf minf ceil floor round add1f addf subf mulf divf until untilStep seq \
    list append prepend first last rest initial reverse uniq without has compact slice chunk concat sortAlpha dict get set \
    unset hasKey pluck keys values pick omit merge mergeOverwrite deepCopy dig default empty coalesce all any ternary fail \
    typeOf typeIs typeIsLike kindOf kindIs deepEqual fromJson mustFromJson toJson toPrettyJson toRawJson sha1sum sha256sum \
    sha512sum adler32sum b64enc b64dec b32enc b32dec now date dateInZone htmlDate htmlDateInZone dateModify mustDateModify \
    toDate mustToDate ago duration durationRound unixEpoch regexMatch regexFind regexFindAll regexSplit regexQuoteMeta base \
    dir clean ext isAbs urlParse urlJoin semver semverCompare";
