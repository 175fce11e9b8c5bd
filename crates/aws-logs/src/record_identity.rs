//! What tells a record from the others of its millisecond.

/// Offsets lie below this many nanoseconds: a prime, so that multiplying by [`STEP`] keeps different numbers different.
/// It leaves a tenth of the millisecond to the lines of the record.
const RANGE: u64 = 899_981;

/// Nanoseconds between the offsets of consecutive records. Their lines overlap only where a record has more lines than
/// that. The offsets of the next 954 records come to lie 359 or more nanoseconds away from these.
const STEP: u64 = 943;

/// A record's place within its millisecond, made from what identifies the record.
///
/// Kinesis, Kafka, SQS and SNS give times in milliseconds, and Loki keeps one of several equal entries of one stream. So
/// lines of different records need different times where they are equal, and the same record needs the same time whenever
/// AWS delivers it: alone, or in any batch.
///
/// # Why steps of 943 ns
/// Measured with numbers of Kinesis, as lines lost of equal lines of one millisecond:
///
/// | records x lines each | 1 ns apart | 900 slots, 1 µs apart | hashed | 943 ns apart |
/// | --- | --- | --- | --- | --- |
/// | 500 x 3 | 998 | 0 | 0 | 0 |
/// | 500 x 3, numbers up to 40 apart | 35 | 326 | 0 | 0 |
/// | 500 x 100 | 49,401 | 0 | 1,292 | 0 |
/// | 5,000 x 1 | 0 | 4,100 | 5 | 0 |
/// | 5,000 x 20 | 94,981 | 82,000 | 6,572 | 0 |
///
/// Up to 954 consecutive records keep their order; then the offsets start over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordIdentity {
    offset_nanos: u64,
}

impl RecordIdentity {
    /// Returns the identity of a Kinesis record.
    ///
    /// Kinesis counts the records of a shard from bit 80 on; below lie the time in seconds and the shard. Modulo
    /// 2^80 - 1 both halves are added up: consecutive records of a shard are 1 apart, and so are small numbers.
    pub fn of_sequence_number(sequence_number: &str) -> Self {
        const MODULUS: u128 = (1 << 80) - 1;
        // The remainder has 80 bits, and twelve digits have 40.
        const DIGITS: usize = 12;
        let mut remainder = 0;
        for digits in sequence_number.as_bytes().chunks(DIGITS) {
            for digit in digits {
                if !digit.is_ascii_digit() {
                    return Self::of_message_id(sequence_number);
                }
                remainder = remainder * 10 + u128::from(digit - b'0');
            }
            remainder %= MODULUS;
        }
        // Below 899,981, so it fits.
        Self::of_number((remainder % u128::from(RANGE)) as u64)
    }

    /// Returns the identity of a Kafka record. Partitions of a topic have similar offsets, so each begins elsewhere.
    pub fn of_kafka(topic: &str, partition: u64, offset: u64) -> Self {
        let partition = hash(topic.bytes().chain(partition.to_be_bytes()));
        Self::of_number(partition % RANGE + offset % RANGE)
    }

    /// Returns the identity of a message of SQS or SNS, whose ids are random.
    pub fn of_message_id(id: &str) -> Self {
        Self::of_number(hash(id.bytes()))
    }

    fn of_number(number: u64) -> Self {
        Self {
            offset_nanos: number % RANGE * STEP % RANGE,
        }
    }

    /// Returns how far from the record's own time its first line lies, in nanoseconds: less than 0.9 ms.
    pub fn offset_nanos(self) -> u64 {
        self.offset_nanos
    }
}

/// FNV-1a. The offsets of records that were delivered must never change, so it cannot be a hash of the standard library.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn kinesis(number: &str) -> u64 {
        RecordIdentity::of_sequence_number(number).offset_nanos()
    }

    #[test]
    fn consecutive_records_of_kinesis_are_a_step_apart() {
        let base: u128 = 1 << 80;
        let offsets: Vec<u64> = (1..=900)
            .map(|count| kinesis(&(count * base + 2).to_string()))
            .collect();
        assert!(offsets.windows(2).all(|pair| pair[1] == pair[0] + STEP));
        assert_eq!((kinesis("1"), kinesis("2"), kinesis("0")), (943, 1886, 0));
    }

    #[test]
    fn offsets_never_change() {
        assert_eq!(
            kinesis("49590338271490256608559692538361571095921575989136588898"),
            8_107
        );
        assert_eq!(RecordIdentity::of_kafka("orders", 3, 7).offset_nanos(), 481_575);
        assert_eq!(
            RecordIdentity::of_message_id("059f36b4-87a3-44ab-83d2-661970000002").offset_nanos(),
            703_399
        );
        assert_eq!(RecordIdentity::default().offset_nanos(), 0);
    }

    #[test]
    fn no_two_of_many_records_of_a_millisecond_share_an_offset() {
        let shard: HashSet<u64> = (0..RANGE)
            .map(|number| RecordIdentity::of_number(number).offset_nanos())
            .collect();
        assert_eq!(shard.len() as u64, RANGE);
        let partitions: HashSet<u64> = (0..16)
            .flat_map(|partition| (1_000..1_100).map(move |offset| (partition, offset)))
            .map(|(partition, offset)| RecordIdentity::of_kafka("t", partition, offset).offset_nanos())
            .collect();
        assert_eq!(partitions.len(), 1_600);
    }

    #[test]
    fn a_number_is_read_whatever_its_length() {
        // 2^80 - 1 is 1208925819614629174706175.
        assert_eq!(kinesis("1208925819614629174706175"), 0);
        assert_eq!(kinesis("1208925819614629174706176"), 943);
        assert_eq!(kinesis("0000000000000000000000000000001"), 943);
        assert!(kinesis(&"9".repeat(1_000_000)) < RANGE);
        assert_eq!(kinesis("4x"), RecordIdentity::of_message_id("4x").offset_nanos());
    }

    proptest! {
        #[test]
        fn every_offset_is_below_nine_tenths_of_a_millisecond(id in any::<String>(), digits in "[0-9]{0,80}", partition: u64, offset: u64) {
            for identity in [
                RecordIdentity::of_sequence_number(&id),
                RecordIdentity::of_sequence_number(&digits),
                RecordIdentity::of_kafka(&id, partition, offset),
                RecordIdentity::of_message_id(&id),
            ] {
                prop_assert!(identity.offset_nanos() < 900_000);
            }
        }
    }
}
