//! S3 objects.

use aws_logs::s3::OwnTypes;

use super::super::setting::Setting;
use super::super::value::{Optional, Typed, Words, set};
use crate::UnknownS3Type;

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "S3_LOG_TYPES",
        meaning: "your own types of S3 objects, as a JSON array; they are tried before the types of AWS",
        value: &Optional(|raw, text| set(&mut raw.s3.own, OwnTypes::parse(text))),
        ..Setting::PLAIN
    },
    Setting {
        name: "UNKNOWN_S3_TYPE",
        meaning: "handling of an S3 object whose type is not known: `fail`, `skip`, or `text` (ship its lines; the first record can tell its format and the times)",
        value: &Words {
            default: UnknownS3Type::Fail,
            field: |raw| &mut raw.s3.unknown,
            words: &[
                ("fail", UnknownS3Type::Fail),
                ("skip", UnknownS3Type::Skip),
                ("text", UnknownS3Type::Text),
            ],
            is_lenient: false,
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "READ_AHEAD",
        meaning: "most objects of an event that are requested ahead of the one being read; `0`: none",
        value: &Typed {
            default: 16,
            field: |raw| &mut raw.read_ahead,
            read: |objects, text| {
                let number = text.parse();
                set(
                    objects,
                    number.map_err(|_| format!("{text:?} is not a number of objects")),
                )
            },
            text: ToString::to_string,
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "CONTINUATION_QUEUE_URL",
        meaning: "URL of the SQS queue that the function reads, to which it sends the rest of an object that one \
        invocation cannot ship",
        value: &Optional(|raw, text| set(&mut raw.continuation_queue, text.parse().map(Some))),
        ..Setting::PLAIN
    },
    Setting {
        name: "ALB_LOG_S3",
        meaning: "access-log mode: a part of the bucket or key that identifies load balancer logs; streams then have the \
        labels `source` and `status_code`",
        value: &Optional(|raw, text| {
            raw.s3.alb = Some(text.to_owned());
            Ok(())
        }),
        ..Setting::PLAIN
    },
    Setting {
        name: "CLOUDFRONT_LOG_S3",
        meaning: "access-log mode: a part of the bucket or key that identifies CloudFront logs",
        value: &Optional(|raw, text| {
            raw.s3.cloudfront = Some(text.to_owned());
            Ok(())
        }),
        ..Setting::PLAIN
    },
];
