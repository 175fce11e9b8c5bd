//! Decompression of sources cut into any chunks, and of broken data.

use std::collections::VecDeque;

use aws_clients::{ByteSource, Compression, Decompressed, DownloadError};
use bytes::Bytes;
use proptest::prelude::*;
use testkit::compress::zstd;

use crate::support::compress::{ALL, compressed, gzip};
use crate::support::{lines, read_all};

/// A source that returns the given chunks.
struct Chunks(VecDeque<Bytes>);

impl Chunks {
    /// Cuts the bytes into chunks of these sizes, which are repeated.
    fn cut(bytes: &[u8], sizes: &[usize]) -> Self {
        let mut rest = Bytes::copy_from_slice(bytes);
        let mut sizes = sizes.iter().cycle();
        let mut chunks = VecDeque::new();
        while !rest.is_empty() {
            let size = sizes.next().map_or(rest.len(), |size| rest.len().min(*size));
            chunks.push_back(rest.split_to(size));
        }
        Self(chunks)
    }
}

impl ByteSource for Chunks {
    fn name(&self) -> &str {
        "s3://b/k"
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        Ok(self.0.pop_front())
    }
}

/// Reads by blocks and by appending to one buffer, which must give the same bytes and the same error.
async fn read_cut(bytes: &[u8], sizes: &[usize]) -> (Vec<u8>, Option<String>) {
    let (by_blocks, error) = read_all(Decompressed::new(Chunks::cut(bytes, sizes))).await;
    let error = error.map(|error| error.to_string());

    let mut blocks = Decompressed::new(Chunks::cut(bytes, sizes));
    let mut appended = Vec::new();
    let ended = loop {
        match blocks.append_to(&mut appended).await {
            Ok(0) => break None,
            Ok(_) => {}
            Err(error) => break Some(error.to_string()),
        }
    };
    assert!(appended == by_blocks);
    // The offset in "near byte" depends on how much is decoded at a time.
    let reason = |error: &Option<String>| {
        error
            .as_ref()
            .map(|error| error.split(" near ").next().map(str::to_owned))
    };
    assert_eq!(reason(&ended), reason(&error));
    (by_blocks, error)
}

fn read(bytes: &[u8], sizes: &[usize]) -> (Vec<u8>, Option<String>) {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(read_cut(bytes, sizes))
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    // Bytes that compress well, and bytes that do not.
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..2000),
        (0..6_000_usize).prop_map(|count| lines(count).into_bytes()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_come_out_whole_at_any_chunking(
        parts in proptest::collection::vec(any_text(), 1..4),
        compression in proptest::sample::select(&ALL[..]),
        sizes in proptest::collection::vec(1..5000_usize, 1..6),
        zeros in 0..20_usize,
    ) {
        let mut stored: Vec<u8> = parts.iter().flat_map(|part| compressed(compression, part)).collect();
        stored.resize(stored.len() + zeros, 0);
        prop_assert_eq!(read(&stored, &sizes), (parts.concat(), None));
    }

    #[test]
    fn plain_bytes_stay_as_they_are(text in "[ -~\n]{0,3000}", sizes in proptest::collection::vec(1..500_usize, 1..6)) {
        prop_assert_eq!(read(text.as_bytes(), &sizes), (text.into_bytes(), None));
    }

    #[test]
    fn truncated_data_fail_after_their_good_bytes(
        text in any_text(),
        compression in proptest::sample::select(&ALL[..]),
        cut in any::<proptest::sample::Index>(),
        sizes in proptest::collection::vec(1..5000_usize, 1..6),
    ) {
        let stored = compressed(compression, &text);
        let cut = 10 + cut.index(stored.len() - 10);
        let (read, error) = read(&stored[..cut], &sizes);
        prop_assert!(text.starts_with(&read));
        prop_assert_eq!(
            error,
            Some(format!("s3://b/k: {compression} is cut short: it ends after {cut} bytes"))
        );
    }

    #[test]
    fn nothing_that_comes_in_panics(
        text in any_text(),
        compression in proptest::sample::select(&ALL[..]),
        flips in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        sizes in proptest::collection::vec(1..5000_usize, 1..6),
    ) {
        let mut stored = compressed(compression, &text);
        for (at, with) in flips {
            let at = at.index(stored.len());
            stored[at] ^= with;
        }
        read(&stored, &sizes);
    }
}

#[test]
fn single_bytes() {
    let text = lines(300);
    for compression in ALL {
        let stored = compressed(compression, text.as_bytes()).repeat(3);
        assert_eq!(
            read(&stored, &[1]),
            (text.repeat(3).into_bytes(), None),
            "{compression}"
        );
    }
}

#[test]
fn good_blocks_come_before_a_bad_one() {
    // Several blocks of each format, the last of which is damaged.
    let text = lines(120_000);
    for compression in ALL {
        let mut stored = compressed(compression, text.as_bytes());
        let at = stored.len() - stored.len() / 20;
        for byte in &mut stored[at..at + 8] {
            *byte ^= 0x55;
        }
        for sizes in [&[usize::MAX][..], &[1000], &[100_000, 7]] {
            let (read, error) = read(&stored, sizes);
            let error = error.unwrap();
            let start = format!("s3://b/k: corrupt {compression} near byte ");
            assert!(error.starts_with(&start), "{error}");
            let good = read
                .iter()
                .zip(text.as_bytes())
                .take_while(|(a, b)| a == b)
                .count();
            assert!(
                good > text.len() * 8 / 10,
                "{compression}: {good} of {}",
                text.len()
            );
        }
    }
}

#[test]
fn bytes_after_compressed_data() {
    for compression in ALL {
        let good = compressed(compression, b"good\n");
        let end = good.len();
        for (garbage, expected) in [
            (&b"\0\0\0"[..], None),
            (b"garbage", Some(end)),
            (b"g", Some(end)),
            (b"\0\0\0x", Some(end + 3)),
            (b"\0\0\0\x1f\x8b\x08", Some(end + 3)),
        ] {
            let stored = [&good, garbage].concat();
            for sizes in [&[usize::MAX][..], &[1], &[end]] {
                let expected = expected.map(|at| format!("s3://b/k: not {compression} after {at} bytes"));
                assert_eq!(read(&stored, sizes), (b"good\n".to_vec(), expected));
            }
        }
    }
}

#[test]
fn zstd_frames_to_skip_and_windows_too_large() {
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"???"].concat();
    let stored = [skipped.clone(), zstd(b"one\n"), skipped, zstd(b"two\n")].concat();
    assert_eq!(read(&stored, &[5]), (b"one\ntwo\n".to_vec(), None));

    // A frame header that declares a window of 64 MiB.
    let (_, error) = read(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 16 << 3, 0, 0, 0], &[100]);
    assert!(
        error.unwrap().contains("corrupt zstd near byte"),
        "the window is refused"
    );
}

/// A source that is never ready at once.
struct Slow(Chunks, bool);

impl ByteSource for Slow {
    fn name(&self) -> &str {
        "s3://b/k"
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        self.1 = !self.1;
        if self.1 {
            tokio::task::yield_now().await;
        }
        self.0.next_chunk().await
    }
}

#[tokio::test]
async fn nothing_is_lost_when_the_reader_stops_waiting() {
    let text = lines(5000);
    for compression in ALL {
        let stored = compressed(compression, text.as_bytes()).repeat(2);
        let mut blocks = Decompressed::new(Slow(Chunks::cut(&stored, &[3, 700]), false));
        let mut read = Vec::new();
        let mut given_up = 0;
        loop {
            tokio::select! {
                biased;
                block = blocks.next_block() => match block.unwrap() {
                    Some(block) => read.extend_from_slice(block),
                    None => break,
                },
                () = std::future::ready(()) => given_up += 1,
            }
        }
        assert!(given_up > 5, "{compression}: {given_up}");
        assert!(read == text.repeat(2).as_bytes(), "{compression}");
    }
}

#[tokio::test]
async fn a_local_file_reads_the_same() {
    let text = lines(50_000);
    let stored = gzip(text.as_bytes());
    let mut blocks = Decompressed::from_reader("some.log.gz", &stored[..]);
    assert_eq!(blocks.compression(), None);
    blocks.next_block().await.unwrap();
    assert_eq!(blocks.compression(), Some(Compression::Gzip));

    let blocks = Decompressed::from_reader("some.log.gz", &stored[..stored.len() - 1]);
    let (read, error) = read_all(blocks).await;
    assert!(read == text.as_bytes());
    let expected = format!(
        "some.log.gz: gzip is cut short: it ends after {} bytes",
        stored.len() - 1
    );
    assert_eq!(error.unwrap().to_string(), expected);
}
