//! The random parts of records.

use std::fmt::Write;
use std::ops::Range;

use super::time::Instant;

const CLIENTS: u64 = 4_000;
const PATHS: u64 = 600;

const WORDS: [&str; 24] = [
    "api", "v1", "v2", "orders", "cart", "checkout", "static", "img", "users", "login", "search", "products",
    "reviews", "session", "health", "assets", "main", "vendor", "list", "detail", "price", "stock", "events",
    "upload",
];

const AGENTS: [&str; 12] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0",
    "ELB-HealthChecker/2.0",
    "curl/8.14.1",
    "okhttp/5.1.0",
    "python-requests/2.32.5",
    "Go-http-client/2.0",
];

/// A generator of the random parts of one record after the other.
pub(super) struct Draw {
    random: fastrand::Rng,
    now: Instant,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            now: Instant::FIRST,
        }
    }

    /// Returns the time of the next record, at most two milliseconds after that of the last.
    pub(super) fn tick(&mut self) -> Instant {
        self.now.add_micros(self.random.u64(0..2_000));
        self.now
    }

    pub(super) fn number(&mut self, range: Range<u64>) -> u64 {
        self.random.u64(range)
    }

    /// Returns a number below `limit`, in which small numbers are more likely than large ones.
    pub(super) fn small(&mut self, limit: u64) -> u64 {
        let limit = self.random.u64(1..=limit);
        self.random.u64(0..limit)
    }

    pub(super) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.random.usize(0..of.len())]
    }

    /// Returns true once in `many` calls on average.
    pub(super) fn one_in(&mut self, many: u64) -> bool {
        self.random.u64(0..many) == 0
    }

    pub(super) fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from_digit(self.random.u32(0..16), 16).unwrap_or('0'))
            .collect()
    }

    pub(super) fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    pub(super) fn client(&mut self) -> String {
        let client = spread(self.small(CLIENTS));
        format!(
            "{}.{}.{}.{}",
            client >> 24 & 0xff | 1,
            client >> 16 & 0xff,
            client >> 8 & 0xff,
            client & 0xff
        )
    }

    pub(super) fn inner_host(&mut self) -> String {
        format!("10.0.{}.{}", self.number(0..4), self.number(4..40))
    }

    pub(super) fn port(&mut self) -> u64 {
        self.number(1_024..65_536)
    }

    pub(super) fn path(&mut self) -> String {
        let chosen = spread(self.small(PATHS));
        let mut path = String::new();
        for part in 0..=(chosen % 3) {
            let word = WORDS[(chosen >> (8 * part + 4)) as usize % WORDS.len()];
            path.push('/');
            path += word;
        }
        if chosen % 5 > 1 {
            // Writing to a String cannot fail.
            let _ = write!(path, "/{}", self.number(1..500_000));
        }
        path
    }

    pub(super) fn agent(&mut self) -> &'static str {
        self.one(&AGENTS)
    }

    pub(super) fn status(&mut self) -> u64 {
        [
            200, 200, 200, 200, 200, 200, 200, 204, 301, 304, 403, 404, 500, 502,
        ][self.random.usize(0..14)]
    }

    pub(super) fn method(&mut self) -> &'static str {
        self.one(&["GET", "GET", "GET", "GET", "POST", "PUT", "HEAD"])
    }
}

/// Maps equal numbers to equal numbers and removes the order of the numbers (Fibonacci hashing).
fn spread(number: u64) -> u64 {
    (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}
