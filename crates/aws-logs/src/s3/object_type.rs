//! The properties of an object that are known before it is read.

use std::sync::Arc;

use loki_push::{LabelSet, Timestamp};

use super::format::{Content, Format, Framing, Time, Variant};
use super::types::{CLOUDFRONT, FLOW_LOG, LOAD_BALANCER, SECURITY_LAKE, TEXT};
use super::{AccessLog, LogType, ObjectReader, OwnType};

/// The type of an object: its labels, and how it is read.
#[derive(Clone, Debug)]
pub struct ObjectType {
    labels: LabelSet,
    /// The labels that each CloudWatch delivery has in addition to its own.
    delivery_labels: LabelSet,
    origin: Origin,
    access_log: Option<AccessLog>,
}

/// The origin of a type.
#[derive(Clone, Debug)]
enum Origin {
    BuiltIn {
        log_type: &'static LogType,
        /// The format, if it is not that of the type.
        variant: Option<&'static Variant>,
    },
    Own(Arc<OwnType>),
}

impl Origin {
    fn built_in(log_type: &'static LogType) -> Self {
        Self::BuiltIn {
            log_type,
            variant: None,
        }
    }

    /// Returns the format of an object that has not been read yet.
    fn format(&self) -> Format {
        match self {
            Self::BuiltIn { log_type, variant } => variant.map_or_else(|| log_type.format(), Variant::format),
            Self::Own(own) => own.format(),
        }
    }
}

/// The format of an object of CloudWatch deliveries. The times are those of the log events in them.
pub(crate) static DELIVERIES: Variant = Variant {
    framing: Framing::Deliveries,
    time: Time::Untimed,
};

/// The format of an object of unknown type.
static BY_FIRST_RECORD: Variant = Variant {
    framing: Framing::Lines,
    time: Time::ByFirstRecord,
};

impl ObjectType {
    /// Returns the type of an object of AWS, with the labels that upstream gives it:
    /// `__aws_log_type="<token>"`, `__aws_<token>="<src>"` and `__aws_<token>_owner="<owner>"`.
    pub(crate) fn aws(log_type: &'static LogType, src: &str, owner: &str) -> Self {
        let token = log_type.token;
        Self {
            labels: LabelSet::from_iter([
                ("__aws_log_type".to_owned(), token),
                (format!("__aws_{token}"), src),
                (format!("__aws_{token}_owner"), owner),
            ]),
            delivery_labels: LabelSet::default(),
            origin: Origin::built_in(log_type),
            access_log: None,
        }
    }

    /// Returns the type of an object of AWS whose source is not known. Its only label is `__aws_log_type`.
    pub fn without_source(log_type: &'static LogType) -> Self {
        Self {
            labels: LabelSet::from_iter([("__aws_log_type", log_type.token)]),
            delivery_labels: LabelSet::default(),
            origin: Origin::built_in(log_type),
            access_log: None,
        }
    }

    /// Returns the type of an object that the user's own type describes, with these labels of all lines, and of all
    /// CloudWatch deliveries.
    pub(crate) fn own(own: &Arc<OwnType>, labels: LabelSet, delivery_labels: LabelSet) -> Self {
        Self {
            labels,
            delivery_labels,
            origin: Origin::Own(Arc::clone(own)),
            access_log: None,
        }
    }

    /// Returns the type with another format of its objects.
    pub(crate) fn with_format(mut self, format: &'static Variant) -> Self {
        if let Origin::BuiltIn { variant, .. } = &mut self.origin {
            *variant = Some(format);
        }
        self
    }

    /// Returns the type of an object of unknown type, which is text. If its first record shows one of the forms
    /// in which AWS writes logs, the records are cut out and timed as in those logs, and CloudWatch deliveries have
    /// the labels of CloudWatch. Lines of any other text are shipped unchanged, with fallback times.
    pub fn text(bucket: &str) -> Self {
        Self::aws(&TEXT, bucket, "").with_format(&BY_FIRST_RECORD)
    }

    /// Returns the type of an object in access-log mode: its lines have a status, and the label `source`.
    pub fn access_log(log: AccessLog) -> Self {
        Self {
            labels: LabelSet::from_iter([(AccessLog::SOURCE_LABEL, log.source())]),
            delivery_labels: LabelSet::default(),
            origin: Origin::built_in(match log {
                AccessLog::Alb => &LOAD_BALANCER,
                AccessLog::CloudFront => &CLOUDFRONT,
                AccessLog::Unknown => &TEXT,
            }),
            access_log: Some(log),
        }
    }

    /// Returns the type of an object that consists of deliveries of CloudWatch Logs subscription filters, one
    /// JSON document after another, as Amazon Data Firehose writes them. Each delivery has CloudWatch's labels
    /// and `additional` ones, which replace CloudWatch's of the same name.
    pub fn cloudwatch(additional: LabelSet) -> Self {
        Self {
            labels: LabelSet::default(),
            delivery_labels: additional,
            origin: Origin::BuiltIn {
                log_type: &TEXT,
                variant: Some(&DELIVERIES),
            },
            access_log: None,
        }
    }

    /// Returns the labels of all lines. In access-log mode, each line has its `status_code` in addition.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Returns the labels that each CloudWatch delivery in the object has in addition to those of its
    /// log group.
    pub fn delivery_labels(&self) -> &LabelSet {
        &self.delivery_labels
    }

    /// Returns whether the object is one of CloudWatch deliveries, as far as that is known before it is read.
    pub fn is_of_deliveries(&self) -> bool {
        self.origin.format().content == Content::Deliveries
    }

    /// Returns whether objects of this type may be tables in the Parquet format, whose rows are read as JSON lines: AWS
    /// delivers them so, they are of unknown type, or the user's own type describes JSON.
    pub fn may_be_parquet(&self) -> bool {
        const TYPES: [&LogType; 4] = [&CLOUDFRONT, &FLOW_LOG, &LOAD_BALANCER, &SECURITY_LAKE];
        match &self.origin {
            Origin::BuiltIn {
                log_type,
                variant: None,
            } => log_type.token == TEXT.token || TYPES.iter().any(|known| known.token == log_type.token),
            Origin::BuiltIn {
                variant: Some(variant),
                ..
            } => matches!(variant.time, Time::ByFirstRecord),
            Origin::Own(own) => own.is_of_json(),
        }
    }

    /// Returns a reader of one object, which was written at the time `last_modified`.
    pub fn reader(&self, last_modified: Timestamp) -> ObjectReader {
        ObjectReader::new(self.origin.format(), self.access_log, last_modified)
    }

    /// Returns the user's own type, if the object is of one.
    pub fn own_type(&self) -> Option<&OwnType> {
        match &self.origin {
            Origin::BuiltIn { .. } => None,
            Origin::Own(own) => Some(own),
        }
    }
}
