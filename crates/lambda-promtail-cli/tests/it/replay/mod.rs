//! `replay`, with a queue in memory, and with moto and a real Loki.

mod fifo;
mod kinesis;
mod listing;
mod outage;
mod queue;
mod setup;
