//! Generated logs as AWS writes them to S3 and as CloudWatch Logs delivers them.
//!
//! They are made from a seed, in any size, and are the same bytes every time. They are about as hard to compress
//! as real logs (few clients and paths, identifiers that never repeat).
//!
//! ```
//! use testkit::corpora::Corpus;
//!
//! let mut alb = Vec::new();
//! let records = Corpus::Alb.write(&mut alb, 10_000, 7).unwrap();
//! assert_eq!(alb.iter().filter(|byte| **byte == b'\n').count(), records);
//! ```

mod alb;
mod cloudfront;
mod cloudtrail;
pub mod cloudwatch;
mod draw;
mod flow_log;
pub mod kpl;
mod time;
mod waf;

use std::io::{self, Write};

use draw::Draw;

/// A kind of log that AWS writes to S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corpus {
    /// Access logs of an application load balancer: fields separated by spaces, some of them quoted.
    Alb,
    /// CloudFront standard logs: a header, and fields separated by tabs.
    CloudFront,
    /// VPC flow logs in the default format: a header, and short lines.
    FlowLog,
    /// Web ACL logs: one JSON object per line.
    Waf,
    /// CloudTrail logs: one JSON object with an array of records.
    CloudTrail,
}

impl Corpus {
    /// All kinds of logs.
    pub const ALL: [Self; 5] = [
        Self::Alb,
        Self::CloudFront,
        Self::FlowLog,
        Self::Waf,
        Self::CloudTrail,
    ];

    /// Returns the kind's name, a single word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alb => "alb",
            Self::CloudFront => "cloudfront",
            Self::FlowLog => "vpc-flow",
            Self::Waf => "waf",
            Self::CloudTrail => "cloudtrail",
        }
    }

    /// Returns the object key under which AWS would write such a log.
    pub fn key(self) -> &'static str {
        match self {
            Self::Alb => {
                "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz"
            }
            Self::CloudFront => "cdn/E2K3EXAMPLE1.2026-03-04-05.0a1b2c3d.gz",
            Self::FlowLog => {
                "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d4e5f60718_20260304T0510Z_2et2e1mx.log.gz"
            }
            Self::Waf => {
                "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/03/04/05/10/111122223333_waflogs_eu-west-1_edge_20260304T0510Z_2et2e1mx.log.gz"
            }
            Self::CloudTrail => {
                "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_2et2e1mxqXZ8aBcD.json.gz"
            }
        }
    }

    /// Writes records until the log has at least `bytes` bytes, and returns the number of records.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn write(self, mut out: impl Write, bytes: u64, seed: u64) -> io::Result<usize> {
        let (start, between, end) = match self {
            Self::CloudFront => (cloudfront::HEADER, "", ""),
            Self::FlowLog => (flow_log::HEADER, "", ""),
            Self::CloudTrail => (cloudtrail::START, ",", cloudtrail::END),
            Self::Alb | Self::Waf => ("", "", ""),
        };
        out.write_all(start.as_bytes())?;
        let (mut draw, mut record) = (Draw::new(seed), String::new());
        let (mut records, mut written) = (0, start.len() as u64);
        while written < bytes {
            record.clear();
            if records > 0 {
                record += between;
            }
            match self {
                Self::Alb => alb::line(&mut draw, &mut record),
                Self::CloudFront => cloudfront::line(&mut draw, &mut record),
                Self::FlowLog => flow_log::line(&mut draw, &mut record),
                Self::Waf => waf::line(&mut draw, &mut record),
                Self::CloudTrail => cloudtrail::record(&mut draw, &mut record),
            }
            out.write_all(record.as_bytes())?;
            written += record.len() as u64;
            records += 1;
        }
        out.write_all(end.as_bytes())?;
        out.flush()?;
        Ok(records)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn made(corpus: Corpus, seed: u64) -> (String, usize) {
        let mut out = Vec::new();
        let records = corpus.write(&mut out, 50_000, seed).unwrap();
        (String::from_utf8(out).unwrap(), records)
    }

    #[test]
    fn a_seed_gives_the_same_bytes_every_time() {
        for corpus in Corpus::ALL {
            assert_eq!(made(corpus, 1), made(corpus, 1), "{}", corpus.name());
            assert_ne!(made(corpus, 1), made(corpus, 2), "{}", corpus.name());
        }
    }

    #[test]
    fn records_are_counted_and_have_the_fields_of_their_kind() {
        for (corpus, delimiter, fields) in [(Corpus::CloudFront, '\t', 33), (Corpus::FlowLog, ' ', 14)] {
            let (text, records) = made(corpus, 1);
            let lines = text.lines().filter(|line| !line.starts_with(['#', 'v']));
            assert_eq!(lines.clone().count(), records, "{}", corpus.name());
            for line in lines {
                assert_eq!(line.split(delimiter).count(), fields, "{line}");
            }
        }
        let (text, records) = made(Corpus::Waf, 1);
        let parsed = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        assert_eq!(parsed.filter(|line| line["timestamp"].is_i64()).count(), records);
        let (text, records) = made(Corpus::CloudTrail, 1);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["Records"].as_array().unwrap().len(), records);
    }
}
