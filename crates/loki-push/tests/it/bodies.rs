//! Bodies, decoded by prost's types and serde_json, which did not encode them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use loki_push::{Batch, Batches, Buffers, Encoding, Entry, ItemId, LabelSet, TENANT_LABEL, Timestamp, proto};
use proptest::prelude::*;
use prost::Message;

/// The content of a body as a receiver sees it: for each label text the entries (time in ns, line, metadata).
type Streams = BTreeMap<String, Vec<(i128, String, Vec<(String, String)>)>>;

fn decode_protobuf(body: &[u8]) -> Streams {
    let plain = snap::raw::Decoder::new().decompress_vec(body).unwrap();
    let request = proto::PushRequest::decode(plain.as_slice()).unwrap();
    let mut streams = Streams::new();
    for stream in request.streams {
        let entries = streams.entry(stream.labels).or_default();
        for entry in stream.entries {
            let time = entry.timestamp.expect("the time is always written");
            let metadata = entry
                .structured_metadata
                .into_iter()
                .map(|pair| (pair.name, pair.value));
            entries.push((
                i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos),
                entry.line,
                metadata.collect(),
            ));
        }
    }
    streams
}

fn decode_json(body: &[u8]) -> Streams {
    let request: serde_json::Value = serde_json::from_slice(body).unwrap();
    let mut streams = Streams::new();
    for stream in request["streams"].as_array().unwrap() {
        let labels: LabelSet = pairs(&stream["stream"]).into_iter().collect();
        let entries = streams.entry(labels.to_string()).or_default();
        for value in stream["values"].as_array().unwrap() {
            entries.push((
                value[0].as_str().unwrap().parse().unwrap(),
                value[1].as_str().unwrap().to_owned(),
                value.get(2).map(pairs).unwrap_or_default(),
            ));
        }
    }
    streams
}

fn pairs(object: &serde_json::Value) -> Vec<(String, String)> {
    let object = object.as_object().unwrap().iter();
    object
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect()
}

/// Returns the content that a receiver should see.
fn expected(entries: &[Entry<'_>]) -> Streams {
    let mut streams = Streams::new();
    for entry in entries {
        streams.entry(entry.labels.to_string()).or_default().push((
            entry.timestamp.unix_nanos(),
            entry.line.clone().into_owned(),
            entry.metadata.clone(),
        ));
    }
    for entries in streams.values_mut() {
        entries.sort_by_key(|entry| entry.0);
    }
    streams
}

fn entries() -> impl Strategy<Value = Vec<Entry<'static>>> {
    let labels = proptest::collection::btree_map("[a-c_][a-b1]{0,2}", "\\PC{0,3}|[\\x00-\\x7f]{1,4}", 0..3)
        .prop_map(|pairs| Arc::new(LabelSet::from_iter(pairs)));
    let few_label_sets = proptest::collection::vec(labels, 1..4);
    few_label_sets.prop_flat_map(|label_sets| {
        let entry = (
            proptest::sample::select(label_sets),
            prop_oneof![
                -3_i64..3,
                1_700_000_000..1_700_000_003_i64,
                -62_135_596_800..253_402_300_800_i64
            ],
            0_u32..1_000_000_000,
            any::<String>(),
            // A JSON object has each name once, and JSON does not keep their order.
            proptest::collection::btree_map("[a-z]{1,3}", any::<String>(), 0..3),
        )
            .prop_map(|(labels, seconds, nanos, line, metadata)| Entry {
                labels,
                timestamp: Timestamp::new(seconds, nanos).unwrap(),
                line: Cow::Owned(line),
                metadata: metadata.into_iter().collect(),
            });
        proptest::collection::vec(entry, 1..40)
    })
}

/// Returns the length of the body before compression.
fn plain_len(encoding: Encoding, body: &[u8]) -> usize {
    match encoding {
        Encoding::Protobuf => snap::raw::decompress_len(body).unwrap(),
        Encoding::Json => body.len(),
    }
}

proptest! {
    #[test]
    fn decoding_gives_what_was_encoded(entries in entries()) {
        for (encoding, decode) in [
            (Encoding::Protobuf, decode_protobuf as fn(&[u8]) -> Streams),
            (Encoding::Json, decode_json),
        ] {
            let mut batch = Batch::new(encoding, None, &Buffers::new(1 << 17));
            for entry in &entries {
                batch.add(entry, ItemId(0));
            }
            let body_len = batch.body_len();
            let packed = batch.pack().unwrap();
            let body = packed.body();
            prop_assert_eq!(plain_len(encoding, &body.bytes), body_len);
            prop_assert_eq!(decode(&body.bytes), expected(&entries));
        }
    }

    #[test]
    fn halves_keep_each_entry_with_its_item_in_order(entries in entries()) {
        for (encoding, decode) in [
            (Encoding::Protobuf, decode_protobuf as fn(&[u8]) -> Streams),
            (Encoding::Json, decode_json),
        ] {
            let mut batch = Batch::new(encoding, Some("blue".into()), &Buffers::new(1 << 17));
            for (at, entry) in (0..).zip(&entries) {
                batch.add(entry, ItemId(at));
            }
            let whole = batch.len();
            let (mut pending, mut single) = (vec![batch], Vec::new());
            while let Some(batch) = pending.pop() {
                let (len, body_len) = (batch.len(), batch.body_len());
                let packed = batch.pack().unwrap();
                prop_assert_eq!(packed.len(), len);
                prop_assert_eq!(plain_len(encoding, &packed.body().bytes), body_len);
                match packed.halves() {
                    Ok((left, right)) => {
                        prop_assert_eq!(left.len() + right.len(), len);
                        prop_assert!(!left.is_empty() && !right.is_empty());
                        pending.extend([right, left]);
                    }
                    Err(one) => single.push(one),
                }
            }
            prop_assert_eq!(single.len(), whole);
            let (mut streams, mut items) = (Streams::new(), Vec::new());
            for one in &single {
                prop_assert_eq!((one.len(), one.tenant()), (1, Some("blue")));
                prop_assert!(one.only_entry().is_some());
                items.extend(one.items());
                for (labels, mut decoded) in decode(&one.body().bytes) {
                    streams.entry(labels).or_default().append(&mut decoded);
                }
            }
            prop_assert_eq!(streams, expected(&entries));
            items.sort();
            let all: Vec<(ItemId, u64)> = (0..).map(|at| (ItemId(at), 1)).take(whole).collect();
            prop_assert_eq!(items, all);
        }
    }

    #[test]
    fn batches_keep_each_entry_once_and_the_limit(entries in entries(), limit in 0_usize..400) {
        for encoding in [Encoding::Protobuf, Encoding::Json] {
            let mut batches = Batches::new(encoding, limit, &Buffers::new(limit));
            let mut sent: Vec<Batch> = Vec::new();
            for (at, entry) in (0..).zip(&entries) {
                sent.extend(batches.add(entry, ItemId(at)));
            }
            sent.extend(batches.take());
            for batch in &sent {
                prop_assert!(!batch.is_empty());
                prop_assert!(batch.body_len() <= limit || batch.len() == 1);
            }
            let items: Vec<(ItemId, u64)> = sent.iter().flat_map(Batch::items).collect();
            let all: Vec<(ItemId, u64)> = (0..).map(|at| (ItemId(at), 1)).take(entries.len()).collect();
            prop_assert_eq!(items, all);
        }
    }
}

/// Generates the arguments of [`grown`]: small entries, the number of bytes that each line is to have, and the number
/// of entries at the beginning that are to be in order.
fn seeds() -> impl Strategy<Value = (Vec<Entry<'static>>, Vec<usize>, usize)> {
    (
        entries(),
        proptest::collection::vec(0_usize..50_000, 40),
        0_usize..40,
    )
}

/// Repeats the line of each entry up to its new length, and sorts the first `in_order` entries.
fn grown((mut entries, lens, in_order): (Vec<Entry<'static>>, Vec<usize>, usize)) -> Vec<Entry<'static>> {
    for (entry, len) in entries.iter_mut().zip(lens) {
        let piece = format!("{} of {len};", entry.line);
        entry.line = Cow::Owned(piece.repeat(len / piece.len()));
    }
    let in_order = in_order.min(entries.len());
    entries[..in_order].sort_by_key(|entry| entry.timestamp);
    entries
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The streams are compressed in pieces while entries are added, and some are sorted after that.
    #[test]
    fn large_streams_are_complete_whenever_they_are_compressed(seeds in seeds(), late in any::<bool>()) {
        let entries = grown(seeds);
        let buffers = Buffers::new(1 << 17);
        let mut batches = Batches::new(Encoding::Protobuf, usize::MAX, &buffers).compressing_late(late);
        for (at, entry) in (0..).zip(&entries) {
            prop_assert!(batches.add(entry, ItemId(at)).is_none());
        }
        let batch = batches.take().next().unwrap();
        let ranges: Vec<_> = batch.time_ranges().map(|(_, oldest, newest)| (oldest, newest)).collect();
        let body_len = batch.body_len();
        let packed = batch.pack().unwrap();
        prop_assert_eq!(plain_len(Encoding::Protobuf, &packed.body().bytes), body_len);
        let decoded = decode_protobuf(&packed.body().bytes);
        prop_assert!(decoded == expected(&entries));
        let mut expected_ranges: Vec<_> = decoded
            .values()
            .map(|entries| (entries[0].0, entries[entries.len() - 1].0))
            .collect();
        let mut ranges: Vec<_> =
            ranges.iter().map(|(oldest, newest)| (oldest.unix_nanos(), newest.unix_nanos())).collect();
        ranges.sort_unstable();
        expected_ranges.sort_unstable();
        prop_assert_eq!(ranges, expected_ranges);
        if let Ok((left, right)) = packed.halves() {
            let mut streams = Streams::new();
            for half in [left, right] {
                for (labels, mut decoded) in decode_protobuf(&half.pack().unwrap().body().bytes) {
                    streams.entry(labels).or_default().append(&mut decoded);
                }
            }
            prop_assert!(streams == expected(&entries));
        }
    }

    /// The limit is kept when the entry that would exceed it is removed again after a piece was compressed.
    #[test]
    fn large_batches_keep_each_entry_once_and_the_limit(
        seeds in seeds(),
        limit in 60_000_usize..600_000,
    ) {
        let entries = grown(seeds);
        let mut batches = Batches::new(Encoding::Protobuf, limit, &Buffers::new(limit));
        let mut sent: Vec<Batch> = Vec::new();
        for (at, entry) in (0..).zip(&entries) {
            sent.extend(batches.add(entry, ItemId(at)));
        }
        sent.extend(batches.take());
        let mut counted = 0;
        for batch in sent {
            let (len, body_len) = (batch.len(), batch.body_len());
            prop_assert!(body_len <= limit || len == 1);
            let packed = batch.pack().unwrap();
            let body = &packed.body().bytes;
            prop_assert_eq!(plain_len(Encoding::Protobuf, body), body_len);
            let of_batch = entries[counted..counted + len].iter();
            prop_assert!(decode_protobuf(body) == expected(&of_batch.cloned().collect::<Vec<_>>()));
            counted += len;
        }
        prop_assert_eq!(counted, entries.len());
    }
}

fn line(labels: &[(&str, &str)], seconds: i64, line: &'static str) -> Entry<'static> {
    Entry {
        labels: Arc::new(labels.iter().copied().collect()),
        timestamp: Timestamp::new(seconds, 0).unwrap(),
        line: Cow::Borrowed(line),
        metadata: Vec::new(),
    }
}

#[test]
fn each_tenant_has_a_batch_of_its_own_and_no_tenant_label() {
    let mut batches = Batches::new(Encoding::Protobuf, 1 << 17, &Buffers::new(1 << 17));
    assert!(
        batches
            .add(&line(&[("a", "1"), (TENANT_LABEL, "blue")], 1, "b"), ItemId(0))
            .is_none()
    );
    assert!(batches.add(&line(&[("a", "1")], 1, "none"), ItemId(1)).is_none());
    assert!(
        batches
            .add(&line(&[("a", "1"), (TENANT_LABEL, "blue")], 2, "b2"), ItemId(2))
            .is_none()
    );
    let mut batches: Vec<Batch> = batches.take().collect();
    let tenants: Vec<Option<&str>> = batches.iter().map(Batch::tenant).collect();
    assert_eq!(tenants, [None, Some("blue")]);
    assert_eq!(batches[1].items(), [(ItemId(0), 1), (ItemId(2), 1)]);
    let blue = batches.remove(1).pack().unwrap();
    let streams = decode_protobuf(&blue.body().bytes);
    assert_eq!(streams.keys().collect::<Vec<_>>(), [r#"{a="1"}"#]);
}

/// When a full batch was compressed stream by stream, repetitions of labels and lines were only found within a stream.
#[test]
fn small_streams_of_a_full_batch_are_compressed_together() {
    let buffers = Buffers::new(16 << 10);
    let mut batches = Batches::new(Encoding::Protobuf, 16 << 10, &buffers);
    let entries =
        (0..500).map(|number| line(&[("pod", &format!("pod-{number}"))], number, "GET / HTTP/1.1 200"));
    let mut full = None;
    let mut whole = Batch::new(Encoding::Protobuf, None, &buffers);
    for entry in entries {
        full = batches.add(&entry, ItemId(0));
        if full.is_some() {
            break;
        }
        whole.add(&entry, ItemId(0));
    }
    let full = full.expect("the limit is reached").pack().unwrap();
    assert!(full.len() > 100, "{}", full.len());
    assert_eq!(full.body(), whole.pack().unwrap().body());
}

#[test]
fn an_entry_above_the_limit_is_alone_in_its_batch() {
    let mut batches = Batches::new(Encoding::Protobuf, 60, &Buffers::new(60));
    let small = line(&[("a", "1")], 1, "small");
    let large = line(
        &[("a", "1")],
        1,
        "a line that is longer than all that the limit leaves room for, and whole",
    );
    assert!(batches.add(&small, ItemId(0)).is_none());
    assert_eq!(batches.add(&large, ItemId(1)).unwrap().len(), 1);
    assert_eq!(batches.add(&small, ItemId(2)).unwrap().items(), [(ItemId(1), 1)]);
    assert_eq!(batches.take().count(), 1);
}
