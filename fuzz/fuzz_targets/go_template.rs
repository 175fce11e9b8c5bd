//! A template is parsed and executed within its limits, and gives the same result each time.
//!
//! Input: the template, then names and texts of its data, with NULs between them.
#![no_main]

use go_template::{Context, Data, Limits, Template};
use go_time::Time;
use libfuzzer_sys::fuzz_target;
use support::texts;

/// Limits that are fifty times lower than the function's, so that an input takes milliseconds.
const LIMITS: Limits = Limits {
    bytes: 64 << 10,
    steps: 40_000,
};

fuzz_target!(|data: &[u8]| {
    let Some(mut parts) = texts(data) else { return };
    let Ok(template) = Template::parse(parts.next().unwrap_or_default()) else {
        return;
    };
    let mut values = Data::from_iter([("Entry", "2024-05-06 level=info"), ("Value", "5"), ("app", "web")]);
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        values.insert(name, text);
    }
    let now = Time::utc(1_714_979_289, 123);
    let context = Context {
        limits: LIMITS,
        ..Context::new(&now)
    };
    let first = template.execute(values.clone(), &context);
    if let Ok(output) = &first {
        assert!(output.len() <= LIMITS.bytes);
    }
    // A regular expression that is already compiled costs fewer steps, so the second execution may get further.
    if first.is_ok() {
        assert_eq!(template.execute(values, &context), first);
    }
});
