//! CloudWatch payloads inflate to what flate2's own reader gives, also in memory that was used before.
#![no_main]

use std::io::Read;

use aws_logs::cloudwatch::{DeliveryReader, inflate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut inflated = Vec::new();
    let outcome = inflate(data, &mut inflated);
    let mut reference = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(data).read_to_end(&mut reference);
    match (&outcome, read) {
        (Ok(()), Ok(_)) => assert!(inflated == reference, "other bytes than flate2"),
        // flate2 ends at whatever follows the last member; here it is an error.
        (Err(_), _) => {}
        (Ok(()), Err(error)) => panic!("flate2 refuses it: {error}"),
    }
    let text = |result: Result<_, aws_logs::cloudwatch::SubscriptionDataError>| match result {
        Ok(data) => Ok(format!("{data:?}")),
        Err(error) => Err(error.to_string()),
    };
    let mut reader = DeliveryReader::default();
    let first = reader.read(data);
    if let Ok(first) = &first {
        reader.keep(first.clone());
    }
    assert_eq!(text(first), text(reader.read(data)));
});
