//! The settings that decide the type of an S3 object.

use aws_logs::s3::{AccessLog, Classified, ObjectType, OwnTypes, Skipped, UnknownType, classify, is_marker};

/// The handling of an object whose type is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownS3Type {
    /// The object fails.
    #[default]
    Fail,
    /// The object is skipped.
    Skip,
    /// The object's lines are shipped unchanged, if it is text. The first record can show that it is a log of AWS, which
    /// then decides the times and what an entry is.
    Text,
}

/// The settings that decide the type of an S3 object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct S3TypeSettings {
    /// The user's own types, which take precedence over access-log mode and over the types of AWS.
    pub own: OwnTypes,
    /// The handling of an object whose type is not known.
    pub unknown: UnknownS3Type,
    /// Access-log mode: a part of the bucket or key that identifies load balancer logs.
    pub alb: Option<String>,
    /// Access-log mode: a part of the bucket or key that identifies CloudFront logs.
    pub cloudfront: Option<String>,
}

/// The decision how an object is handled.
#[derive(Clone, Debug)]
pub enum ObjectPlan {
    /// The object is read as this type.
    Read(ObjectType),
    /// The object is skipped, which does not count as a failure.
    Skip(SkipReason),
    /// The object fails.
    Fail(UnknownType),
}

/// The reason why an object is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// The object has nothing to ship.
    #[error("{}", .0.reason())]
    Nothing(Skipped),
    /// Its type is not known, and `UNKNOWN_S3_TYPE` is `skip`.
    #[error("UNKNOWN_S3_TYPE is skip, and {0}")]
    Unknown(UnknownType),
}

impl S3TypeSettings {
    /// Returns the decision how the object is handled. Bucket and key are not URL-encoded.
    pub fn plan(&self, bucket: &str, key: &str) -> ObjectPlan {
        if !is_marker(key)
            && let Some(own) = self.own.find(key)
        {
            return ObjectPlan::Read(own);
        }
        let classified = classify(key);
        if let Classified::Skipped(nothing) = classified {
            return ObjectPlan::Skip(SkipReason::Nothing(nothing));
        }
        if self.alb.is_some() || self.cloudfront.is_some() {
            let log = AccessLog::of(bucket, key, self.alb.as_deref(), self.cloudfront.as_deref());
            return ObjectPlan::Read(ObjectType::access_log(log));
        }
        match (classified, self.unknown) {
            (Classified::Log(log), _) => ObjectPlan::Read(log),
            (Classified::Skipped(nothing), _) => ObjectPlan::Skip(SkipReason::Nothing(nothing)),
            (Classified::Unknown(_), UnknownS3Type::Text) => ObjectPlan::Read(ObjectType::text(bucket)),
            (Classified::Unknown(unknown), UnknownS3Type::Skip) => {
                ObjectPlan::Skip(SkipReason::Unknown(unknown))
            }
            (Classified::Unknown(unknown), UnknownS3Type::Fail) => ObjectPlan::Fail(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALB: &str = "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/03/04/\
                       123456789012_elasticloadbalancing_eu-west-1_app.shop.0a1b_20260304T0505Z_203.0.113.1_x.log.gz";

    fn plan(settings: &S3TypeSettings, key: &str) -> String {
        match settings.plan("my-bucket", key) {
            ObjectPlan::Read(kind) => kind.labels().to_string(),
            ObjectPlan::Skip(reason) => format!("skip: {reason}"),
            ObjectPlan::Fail(unknown) => format!("fail: {unknown}"),
        }
    }

    #[test]
    fn an_unknown_type_is_dealt_with_as_set() {
        let with = |unknown| S3TypeSettings {
            unknown,
            ..S3TypeSettings::default()
        };
        let unknown = "no known type of AWS log has such a key";
        assert_eq!(
            plan(&with(UnknownS3Type::Fail), "a/b.txt"),
            format!("fail: {unknown}")
        );
        assert_eq!(
            plan(&with(UnknownS3Type::Skip), "a/b.txt"),
            format!("skip: UNKNOWN_S3_TYPE is skip, and {unknown}")
        );
        assert_eq!(
            plan(&with(UnknownS3Type::Text), "a/b.txt"),
            r#"{__aws_log_type="s3_text", __aws_s3_text="my-bucket"}"#
        );
        for kind in [UnknownS3Type::Fail, UnknownS3Type::Skip, UnknownS3Type::Text] {
            assert!(plan(&with(kind), ALB).contains("s3_lb"));
            assert_eq!(plan(&with(kind), "AWSLogs/"), "skip: a marker object, no log");
        }
    }

    /// A key with a wide expression takes neither folders nor the objects by which services test their permissions.
    #[test]
    fn the_users_own_types_come_before_all_others() {
        let own = OwnTypes::parse(r#"[{"name": "mine", "key": "", "format": "lines"}]"#);
        assert!(own.is_err());
        let own = OwnTypes::parse(
            r#"[{"name": "mine", "key": "(?P<src>app|CloudTrail-Digest|parquet)|/$|TestFile$", "format": "lines"}]"#,
        );
        let settings = S3TypeSettings {
            own: own.unwrap(),
            alb: Some("elasticloadbalancing".to_owned()),
            ..S3TypeSettings::default()
        };
        let digest = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/04/x.json.gz";
        for (key, expected) in [
            (ALB, r#"{__aws_log_type="mine", __aws_mine="app"}"#),
            (
                digest,
                r#"{__aws_log_type="mine", __aws_mine="CloudTrail-Digest"}"#,
            ),
            ("x.parquet", r#"{__aws_log_type="mine", __aws_mine="parquet"}"#),
            ("app/", "skip: a marker object, no log"),
            ("app/ELBAccessLogTestFile", "skip: a marker object, no log"),
            ("other", r#"{source="Unknown"}"#),
        ] {
            assert_eq!(plan(&settings, key), expected, "{key}");
        }
    }

    #[test]
    fn access_log_mode_goes_by_its_settings() {
        let settings = S3TypeSettings {
            alb: Some("elasticloadbalancing".to_owned()),
            cloudfront: Some("my-".to_owned()),
            ..S3TypeSettings::default()
        };
        assert_eq!(
            plan(&settings, ALB),
            r#"{source="alb"}"#,
            "what matches both is the load balancer's"
        );
        assert_eq!(plan(&settings, "x.gz"), r#"{source="cloudfront"}"#);
        assert_eq!(
            plan(&settings, "a/ELBAccessLogTestFile"),
            "skip: a marker object, no log"
        );
        let settings = S3TypeSettings {
            cloudfront: None,
            ..settings
        };
        assert_eq!(plan(&settings, "x.gz"), r#"{source="Unknown"}"#);
    }
}
