//! Every entry that is added to batches can be decoded from their bodies once, in time order and in its stream, with
//! prost, snappy and serde_json. A batch exceeds its limit only if it has a single entry.
#![no_main]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp, is_label_name, proto};
use prost::Message;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    json: bool,
    late: bool,
    halve: bool,
    limit: u32,
    sets: [Vec<(&'a str, &'a str)>; 3],
    entries: Vec<Line<'a>>,
}

#[derive(Arbitrary, Debug)]
struct Line<'a> {
    set: u8,
    time: i64,
    nanos: u32,
    text: &'a str,
    /// The number of repetitions, which make lines long enough for a stream to be compressed in pieces.
    repeat: u8,
    metadata: Vec<(&'a str, &'a str)>,
}

type Found = (i128, String, Vec<(String, String)>);
type Streams = BTreeMap<(Option<String>, String), Vec<Found>>;

const MOST_ENTRIES: usize = 200;
const MOST_BYTES: usize = 2 << 20;

fn decode(encoding: Encoding, tenant: Option<&str>, body: &[u8], to: &mut Streams) -> usize {
    let tenant = tenant.map(str::to_owned);
    if encoding == Encoding::Json {
        let request: serde_json::Value = serde_json::from_slice(body).expect("the body is JSON");
        for stream in request["streams"].as_array().expect("streams") {
            let labels: LabelSet = pairs(&stream["stream"]).into_iter().collect();
            let found = to.entry((tenant.clone(), labels.to_string())).or_default();
            for value in stream["values"].as_array().expect("values") {
                let time = value[0].as_str().and_then(|time| time.parse().ok());
                found.push((
                    time.expect("a time"),
                    value[1].as_str().expect("a line").to_owned(),
                    value.get(2).map(pairs).unwrap_or_default(),
                ));
            }
        }
        return body.len();
    }
    let plain = snap::raw::Decoder::new()
        .decompress_vec(body)
        .expect("the body is snappy");
    let request = proto::PushRequest::decode(plain.as_slice()).expect("the body is a push");
    for stream in request.streams {
        let found = to.entry((tenant.clone(), stream.labels)).or_default();
        let mut last = i128::MIN;
        for entry in stream.entries {
            let time = entry.timestamp.expect("a time");
            let time = i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos);
            assert!(last <= time, "the entries of a stream are sorted");
            last = time;
            let metadata = entry.structured_metadata.into_iter();
            found.push((
                time,
                entry.line,
                metadata.map(|pair| (pair.name, pair.value)).collect(),
            ));
        }
    }
    plain.len()
}

fn pairs(object: &serde_json::Value) -> Vec<(String, String)> {
    let object = object.as_object().expect("an object");
    object
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()))
        .collect()
}

fuzz_target!(|input: Input<'_>| {
    let encoding = if input.json {
        Encoding::Json
    } else {
        Encoding::Protobuf
    };
    let limit = usize::try_from(input.limit % (1 << 20)).unwrap_or_default();
    let sets = input.sets.map(|pairs| {
        let pairs = pairs.into_iter().take(10).filter(|(name, _)| is_label_name(name));
        Arc::new(LabelSet::from_iter(pairs))
    });
    let buffers = Buffers::new(limit);
    let mut batches = Batches::new(encoding, limit, &buffers).compressing_late(input.late);
    let (mut expected, mut full, mut bytes) = (Streams::new(), Vec::new(), 0);
    let mut count = 0;
    for line in input.entries.iter().take(MOST_ENTRIES) {
        let text = line.text.repeat(usize::from(line.repeat).pow(2) / 16 + 1);
        bytes += text.len();
        // Years 1970 to 2262 for JSON, whose times are 64-bit nanoseconds, and more for protobuf.
        let seconds = line.time.rem_euclid(if input.json {
            9_000_000_000
        } else {
            253_000_000_000
        });
        let Ok(timestamp) = Timestamp::new(seconds, line.nanos % 1_000_000_000) else {
            continue;
        };
        // A JSON object holds a name only once, and serde_json sorts the names.
        let metadata: BTreeMap<_, _> = line.metadata.iter().take(5).copied().collect();
        let metadata = metadata
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let entry = Entry {
            labels: Arc::clone(&sets[usize::from(line.set) % sets.len()]),
            timestamp,
            line: Cow::Owned(text),
            metadata: metadata.collect(),
        };
        let stream = (entry.labels.tenant().map(str::to_owned), entry.labels.to_string());
        let found = (
            timestamp.unix_nanos(),
            entry.line.to_string(),
            entry.metadata.clone(),
        );
        expected.entry(stream).or_default().push(found);
        full.extend(batches.add(&entry, ItemId(count)));
        count += 1;
        if bytes > MOST_BYTES {
            break;
        }
    }
    full.extend(batches.take());

    let (mut decoded, mut items) = (Streams::new(), Vec::new());
    while let Some(batch) = full.pop() {
        assert!(!batch.is_empty());
        let (len, body_len) = (batch.len(), batch.body_len());
        assert!(body_len <= limit || len == 1, "{body_len} bytes, {limit} allowed");
        let packed = batch.pack().expect("it is far below 4 GiB");
        assert_eq!(packed.len(), len);
        let packed = match input.halve {
            false => packed,
            true => match packed.halves() {
                Ok((left, right)) => {
                    full.extend([right, left]);
                    continue;
                }
                Err(single) => single,
            },
        };
        items.extend(packed.items());
        assert_eq!(
            decode(encoding, packed.tenant(), &packed.body().bytes, &mut decoded),
            body_len
        );
    }
    for streams in [&mut expected, &mut decoded] {
        streams.values_mut().for_each(|found| found.sort());
    }
    assert!(expected == decoded, "{expected:?} and {decoded:?}");
    items.sort_unstable();
    assert!(items.into_iter().eq((0..count).map(|item| (ItemId(item), 1))));
});
