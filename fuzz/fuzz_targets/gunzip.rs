//! CloudWatch payloads inflate to the same bytes as with flate2's own reader, also into reused memory.
#![no_main]

use std::io::Read;

use aws_logs::cloudwatch::{DeliveryReader, inflate};
use libfuzzer_sys::fuzz_target;

/// `{}`, compressed.
const GOOD: &[u8] = &[
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff, 0xab, 0xae, 5, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0,
];

fuzz_target!(|data: &[u8]| {
    let mut inflated = Vec::new();
    let outcome = inflate(data, &mut inflated);
    let mut reference = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(data).read_to_end(&mut reference);
    match (&outcome, read) {
        (Ok(()), Ok(_)) => assert!(inflated == reference, "other bytes than flate2"),
        // flate2 ignores bytes after the last member; here they are an error.
        (Err(_), _) => {}
        (Ok(()), Err(error)) => panic!("flate2 refuses it: {error}"),
    }
    // The text of an error depends on the free capacity at that point, so only success is compared.
    let text = |result: Result<_, _>| result.map(|data| format!("{data:?}")).ok();
    let mut reader = DeliveryReader::default();
    let first = reader.read(data);
    if let Ok(first) = &first {
        reader.keep(first.clone());
    }
    assert_eq!(text(first), text(reader.read(data)));
    let Ok(good) = reader.read(GOOD) else {
        panic!("a good delivery fails after this one");
    };
    assert!(good.is_empty());
});
