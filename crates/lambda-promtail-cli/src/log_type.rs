//! The type of a log, as it is given on the command line.

use aws_logs::s3::{LogType, ObjectType, log_types};

/// Names of load balancers and networks, by which people know the logs, with the types.
const ALIASES: [(&str, &str); 4] = [
    ("alb", "s3_lb"),
    ("nlb", "s3_lb"),
    ("elb", "s3_lb"),
    ("vpc", "s3_vpc_flow"),
];

/// The type of objects of unknown type.
const TEXT: &str = "s3_text";

/// A type of log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedType(&'static LogType);

impl NamedType {
    /// Parses the value of `__aws_log_type`, with or without `s3_`, or one of the aliases.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == text);
        let token = alias.map_or(text, |(_, token)| token);
        let has_name = |log_type: &LogType| {
            log_type.token() == token || log_type.token().strip_prefix("s3_") == Some(token)
        };
        log_types()
            .iter()
            .find(|log_type| has_name(log_type))
            .map(|log_type| Self(log_type))
            .ok_or_else(|| format!("expected one of {}", names().join(", ")))
    }

    /// Returns how an object of the type is read, whose labels do not name a source. Of text, the first record decides.
    pub(crate) fn object_type(self, bucket: &str) -> ObjectType {
        match self.0.token() {
            TEXT => ObjectType::text(bucket),
            _ => ObjectType::without_source(self.0),
        }
    }
}

/// Returns all names, the aliases first.
fn names() -> Vec<&'static str> {
    let tokens = log_types().iter().map(|log_type| log_type.token());
    let short = tokens.map(|token| token.strip_prefix("s3_").unwrap_or(token));
    ALIASES.iter().map(|(alias, _)| *alias).chain(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_a_name() {
        for name in names() {
            assert!(NamedType::parse(name).is_ok(), "{name}");
        }
        for (text, token) in [
            ("alb", "s3_lb"),
            ("s3_waf", "s3_waf"),
            ("waf", "s3_waf"),
            ("vpc", "s3_vpc_flow"),
        ] {
            let kind = NamedType::parse(text).unwrap().object_type("b");
            assert_eq!(kind.labels().get("__aws_log_type"), Some(token));
        }
        let error = NamedType::parse("apache").unwrap_err();
        assert!(
            error.starts_with("expected one of alb, nlb, elb, vpc, "),
            "{error}"
        );
    }
}
