//! Checks that the hot path does the same work as the function: all lines are shipped, in order.

use std::io::Read;

use aws_logs::cloudwatch::SubscriptionData;
use bench::{BATCH, Floor, HotPath, Input, Source};
use flate2::read::GzDecoder;
use loki_push::PackedBatch;
use loki_push::proto::PushRequest;
use prost::Message;
use testkit::corpora::Corpus;

const BYTES: usize = 3 << 20;

fn plain(gzip: &[u8]) -> String {
    let mut plain = String::new();
    GzDecoder::new(gzip).read_to_string(&mut plain).unwrap();
    plain
}

/// Returns the expected lines, found without the code under test.
fn lines(input: &Input) -> Vec<String> {
    let texts = input.gzips.iter().map(|gzip| plain(gzip));
    let own = |lines: Vec<&str>| lines.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let lines = texts.map(|text| match input.source {
        Source::Object(Corpus::CloudTrail) => {
            let records = text.strip_prefix(r#"{"Records":["#).unwrap();
            let records = records.strip_suffix("]}").unwrap();
            let starts = records.split(r#"{"eventVersion":"#).skip(1);
            let record = |rest: &str| format!(r#"{{"eventVersion":{}"#, rest.trim_end_matches(','));
            starts.map(record).collect()
        }
        Source::Object(_) | Source::OwnType => {
            let headers = ["#", "version account-id"];
            let shipped = text
                .lines()
                .filter(|line| !headers.iter().any(|header| line.starts_with(header)));
            own(shipped.collect())
        }
        Source::Deliveries => {
            let data = SubscriptionData::parse(text.as_bytes()).unwrap();
            let labels = data.labels(false).into();
            data.entries(&labels)
                .map(|entry| entry.unwrap().line.into_owned())
                .collect()
        }
    });
    lines.flatten().collect()
}

fn request(push: &PackedBatch) -> PushRequest {
    let plain = snap::raw::Decoder::new()
        .decompress_vec(&push.body().bytes)
        .unwrap();
    assert!(plain.len() <= BATCH);
    PushRequest::decode(plain.as_slice()).unwrap()
}

#[test]
fn every_line_comes_out_with_its_own_time() {
    for source in Source::all() {
        let input = Input::make(source, BYTES);
        let expected = lines(&input);
        let (mut shipped, mut pushes, mut last) = (Vec::new(), 0, 0);
        let count = HotPath::new(&input).ship(input.events(), &mut |push| {
            pushes += 1;
            for stream in request(&push).streams {
                for entry in stream.entries {
                    // No entry takes the time when the object was written: the times of all records lie in 2026.
                    let seconds = entry.timestamp.unwrap().seconds;
                    assert!(seconds > 1_772_582_400 && seconds >= last, "{}", entry.line);
                    last = seconds;
                    shipped.push(entry.line);
                }
            }
        });
        let name = source.name();
        assert_eq!(count, expected.len() as u64, "{name}");
        assert!(shipped == expected, "{name}: other lines than those that went in");
        let least = match source {
            Source::Object(_) | Source::OwnType => BYTES / BATCH,
            Source::Deliveries => input.gzips.len(),
        };
        assert!(pushes >= least, "{name}: {pushes} pushes");
    }
}

#[test]
fn the_floor_compresses_every_byte() {
    for source in Source::all() {
        let input = Input::make(source, BYTES);
        // Each batch is one compressed block, so small batches make many of them.
        for batch in [1 << 17, BATCH] {
            let mut floor = Floor::new(batch);
            for gzip in &input.gzips {
                let plain = plain(gzip);
                let compressed = floor.inflate_and_compress(gzip);
                let whole = snap::raw::Encoder::new().compress_vec(plain.as_bytes()).unwrap();
                let ratio = compressed as f64 / whole.len() as f64;
                assert!((0.95..1.1).contains(&ratio), "{}: {ratio}", source.name());
            }
        }
    }
}
