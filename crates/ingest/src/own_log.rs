//! The recognition of the function's own log. Shipping its lines would create new lines in an endless loop.

use std::sync::OnceLock;

use aws_logs::cloudwatch::{Part, SubscriptionData};

use crate::IntakeSettings;

/// The log group, name, Region and account that identify the function's own log.
#[derive(Debug, Default)]
pub(crate) struct OwnLog {
    log_group: Option<String>,
    function: Option<String>,
    region: Option<String>,
    /// The Region and account of the invoked function; unknown before the first invocation and on a laptop.
    invoked: OnceLock<Arn>,
}

/// The partition, Region and account in a function's ARN.
#[derive(Debug, PartialEq, Eq)]
struct Arn {
    partition: String,
    region: String,
    account: String,
}

impl OwnLog {
    pub(crate) fn new(settings: &IntakeSettings) -> Self {
        Self {
            log_group: settings.own_log_group.clone(),
            function: settings.function_name.clone(),
            region: settings.region.clone(),
            invoked: OnceLock::new(),
        }
    }

    /// Stores the ARN that the function was invoked with. All invocations of a process are of one function, so the
    /// first ARN that can be parsed is kept.
    pub(crate) fn set_invoked(&self, arn: &str) {
        if self.invoked.get().is_none()
            && let Some(arn) = Arn::parse(arn)
        {
            self.invoked.get_or_init(|| arn);
        }
    }

    /// Returns whether log events are the function's own. Log groups of the same name exist in many accounts and
    /// Regions, and functions can share one.
    pub(crate) fn contains(&self, data: &SubscriptionData, part: &Part<'_>) -> bool {
        self.log_group.as_deref() == Some(data.log_group())
            && self.is_own_account(part.account().or_else(|| data.owner()))
            && self.is_own_region(part.region())
            && self.is_own_stream(data.log_stream())
    }

    /// Returns the ARN of the delivery's log group, or `None` if the group is in another account, or the function's own
    /// account is not known. Subscription filters deliver within their Region.
    pub(crate) fn log_group_arn(&self, data: &SubscriptionData) -> Option<String> {
        let Arn {
            partition,
            region,
            account,
        } = self.invoked.get()?;
        let is_own = data.owner() == Some(account);
        is_own.then(|| {
            format!(
                "arn:{partition}:logs:{region}:{account}:log-group:{}",
                data.log_group()
            )
        })
    }

    /// Returns whether other functions may write into the log group too.
    pub(crate) fn is_shared(&self) -> bool {
        match (&self.log_group, &self.function) {
            (Some(log_group), Some(function)) => log_group.strip_prefix("/aws/lambda/") != Some(function),
            _ => false,
        }
    }

    /// Returns whether the account is the function's own. If one of the two is not known, they count as equal: an
    /// endless loop costs more than a missing line.
    fn is_own_account(&self, account: Option<&str>) -> bool {
        match (self.invoked.get(), account) {
            (Some(own), Some(account)) => own.account == account,
            _ => true,
        }
    }

    fn is_own_region(&self, region: Option<&str>) -> bool {
        let invoked = self.invoked.get().map(|arn| arn.region.as_str());
        match (self.region.as_deref().or(invoked), region) {
            (Some(own), Some(region)) => own == region,
            _ => true,
        }
    }

    /// Returns whether an environment of the function wrote the stream. In the function's default log group its own
    /// streams do not contain its name, but those of other functions that log there contain theirs.
    fn is_own_stream(&self, stream: &str) -> bool {
        let Some(function) = self.function.as_deref() else {
            return true;
        };
        match function_of_stream(stream) {
            Some(writer) => writer == function,
            None => !self.is_shared(),
        }
    }
}

impl Arn {
    /// Parses `arn:aws:lambda:<Region>:<account>:function:<name>`, with or without a version or alias. Returns `None`
    /// for other texts, such as those that local emulators send.
    fn parse(arn: &str) -> Option<Self> {
        let mut fields = arn.split(':');
        let (scheme, partition, service) = (fields.next()?, fields.next()?, fields.next()?);
        let (region, account, kind) = (fields.next()?, fields.next()?, fields.next()?);
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_function = scheme == "arn" && service == "lambda" && kind == "function";
        (is_function && is_account && !region.is_empty()).then(|| Self {
            partition: partition.to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
        })
    }
}

/// Returns the function named in a log stream of a custom log group, whose form is
/// `YYYY/MM/DD/<function_name>[<function_version>][<execution_environment_GUID>]` ("Configuring CloudWatch log groups",
/// Lambda developer guide). In a default log group the name and the brackets around the last part are missing.
fn function_of_stream(stream: &str) -> Option<&str> {
    let mut parts = stream.splitn(4, '/');
    for digits in [4, 2, 2] {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let (function, rest) = parts.next()?.split_once('[')?;
    let (version, environment) = rest.split_once("][")?;
    let is_written_so = !function.is_empty() && !version.is_empty() && environment.contains(']');
    is_written_so.then_some(function)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:app";

    fn own(log_group: &str, arn: Option<&str>) -> OwnLog {
        let own = OwnLog::new(&IntakeSettings {
            own_log_group: Some(log_group.to_owned()),
            function_name: Some("app".to_owned()),
            region: Some("eu-west-1".to_owned()),
            ..IntakeSettings::default()
        });
        if let Some(arn) = arn {
            own.set_invoked(arn);
        }
        own
    }

    fn data(log_group: &str, stream: &str, owner: &str, origin: Option<(&str, &str)>) -> SubscriptionData {
        let mut event = json!({"timestamp": 1, "message": "a"});
        if let Some((account, region)) = origin {
            event["extractedFields"] = json!({"@aws.account": account, "@aws.region": region});
        }
        let json = json!({"owner": owner, "logGroup": log_group, "logStream": stream, "logEvents": [event]});
        SubscriptionData::parse(json.to_string().as_bytes()).unwrap()
    }

    fn contains(own: &OwnLog, data: &SubscriptionData) -> bool {
        data.parts().all(|part| own.contains(data, &part))
    }

    #[test]
    fn an_arn_names_region_and_account() {
        let expected = |partition: &str, region: &str| {
            Some(Arn {
                partition: partition.to_owned(),
                region: region.to_owned(),
                account: "111122223333".to_owned(),
            })
        };
        assert_eq!(Arn::parse(ARN), expected("aws", "eu-west-1"));
        assert_eq!(Arn::parse(&format!("{ARN}:live")), expected("aws", "eu-west-1"));
        let china = "arn:aws-cn:lambda:cn-north-1:111122223333:function:app:7";
        assert_eq!(Arn::parse(china), expected("aws-cn", "cn-north-1"));
        for other in [
            "",
            "function-arn",
            "arn:aws:lambda:eu-west-1",
            "arn:aws:lambda:eu-west-1:1234:function:app",
            "arn:aws:lambda::111122223333:function:app",
            "arn:aws:kinesis:eu-west-1:111122223333:stream/logs",
        ] {
            assert_eq!(Arn::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_stream_of_a_custom_log_group_names_its_function() {
        assert_eq!(function_of_stream("2026/11/24/app[$LATEST][6f1d]"), Some("app"));
        assert_eq!(function_of_stream("2026/11/24/my-app[12][6f1d]"), Some("my-app"));
        for other in [
            "",
            "app",
            "2026/11/24/[$LATEST]6f1d",
            "2026/11/24/app[$LATEST]6f1d",
            "2026/11/24/[$LATEST][6f1d]",
            "2026/11/24/app[][6f1d]",
            "2026/11/24/app[$LATEST][6f1d",
            "2026/11/24",
            "26/11/24/app[$LATEST][6f1d]",
            "2026/11/2é/app[$LATEST][6f1d]",
            "x/2026/11/24/app[$LATEST][6f1d]",
        ] {
            assert_eq!(function_of_stream(other), None, "{other}");
        }
    }

    #[test]
    fn the_account_decides_between_log_groups_of_one_name() {
        let group = "/aws/lambda/app";
        let stream = "2026/11/24/[$LATEST]6f1d";
        let invoked = own(group, Some(ARN));
        let (ours, other) = ("111122223333", "444455556666");
        for (owner, origin, expected) in [
            (ours, None, true),
            (other, None, false),
            // Collected in the function's account from another one, and the reverse.
            (ours, Some((other, "eu-west-1")), false),
            (other, Some((ours, "eu-west-1")), true),
            (ours, Some((ours, "us-east-1")), false),
            // A subscription filter may add only one of the two fields.
            (ours, Some((ours, "")), true),
            (ours, Some(("", "eu-west-1")), true),
            (ours, Some(("", "us-east-1")), false),
            (other, Some(("", "eu-west-1")), false),
            ("", None, true),
        ] {
            let data = data(group, stream, owner, origin);
            assert_eq!(contains(&invoked, &data), expected, "{owner} {origin:?}");
        }
        let elsewhere = data("/aws/lambda/app2", stream, ours, None);
        assert!(!contains(&invoked, &elsewhere));
        for arn in [None, Some("function-arn")] {
            assert!(contains(&own(group, arn), &data(group, stream, other, None)));
        }
    }

    #[test]
    fn the_stream_decides_in_a_shared_log_group() {
        let ours = "111122223333";
        for (group, stream, expected) in [
            ("/shared", "2026/11/24/app[$LATEST][6f1d]", true),
            ("/shared", "2025/01/02/app[7][0a1b]", true),
            ("/shared", "2026/11/24/my-app[$LATEST][6f1d]", false),
            ("/shared", "2026/11/24/app2[$LATEST][6f1d]", false),
            ("/shared", "2026/11/24/[$LATEST]6f1d", false),
            ("/shared", "nginx", false),
            ("/aws/lambda/app", "2026/11/24/[$LATEST]6f1d", true),
            ("/aws/lambda/app", "anything", true),
            // Another function that is configured to log to this one's log group.
            ("/aws/lambda/app", "2026/11/24/other[$LATEST][6f1d]", false),
            ("/aws/lambda/app", "2026/11/24/app[$LATEST][6f1d]", true),
        ] {
            let own = own(group, Some(ARN));
            assert_eq!(
                contains(&own, &data(group, stream, ours, None)),
                expected,
                "{group} {stream}"
            );
        }
        // Without a function name every stream of the log group counts as the function's own.
        let settings = IntakeSettings {
            own_log_group: Some("/shared".to_owned()),
            ..IntakeSettings::default()
        };
        let own = OwnLog::new(&settings);
        assert!(contains(&own, &data("/shared", "nginx", ours, None)));
        assert!(!contains(&OwnLog::default(), &data("", "s", ours, None)));
    }

    proptest! {
        /// Checks any two functions against the names of log groups and streams in Lambda's documentation.
        #[test]
        fn no_line_of_another_function_is_its_own_and_each_of_its_own_is(
            (writer, writers_account) in ("app|my-app|app2|other", "111122223333|444455556666"),
            group in "/aws/lambda/app|/aws/lambda/other|/shared|app",
            day in "20[0-9]{2}/1[0-2]/[0-2][0-9]",
            version in "\\$LATEST|[1-9][0-9]{0,2}",
            environment in "[0-9a-f]{32}",
            emits_fields in any::<bool>(),
        ) {
            let own = own(&group, Some(ARN));
            let is_default = group == format!("/aws/lambda/{writer}");
            let stream = match is_default {
                true => format!("{day}/[{version}]{environment}"),
                false => format!("{day}/{writer}[{version}][{environment}]"),
            };
            let origin = emits_fields.then_some((writers_account.as_str(), "eu-west-1"));
            let data = data(&group, &stream, &writers_account, origin);
            let is_ours = writer == "app" && writers_account == "111122223333";
            prop_assert_eq!(contains(&own, &data), is_ours, "{} {}", group, stream);
        }
    }
}
