//! The entries of an event, in several pushes at a time, on a paused clock.

use std::sync::Arc;
use std::time::Duration;

use loki_client::{Client, Deadline, Delivery, DeliveryOutcome, OnReject};
use loki_push::{ItemId, TENANT_LABEL};
use tokio::time::{Instant, timeout};

use crate::support::{Script, Scripted, Step, batch, entry, never, within};

/// Delivers lines of which each is an item. Where the batch size is 1, each is also a push.
async fn deliver(client: &Arc<Client<Scripted>>, deadline: Deadline, lines: u32) -> DeliveryOutcome {
    let mut delivery = Delivery::new(client, deadline);
    for at in 0..lines {
        delivery
            .add(&entry(&[("a", "1")], 0, format!("line {at}")), ItemId(at))
            .await;
    }
    delivery.finish().await
}

#[tokio::test(start_paused = true)]
async fn a_delivery_without_entries_sends_nothing() {
    let script = Script::new([]);
    let outcome = Delivery::new(&script.client(|_| ()), never()).finish().await;
    assert_eq!((outcome.pushes, outcome.delivered, script.attempts()), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn as_many_pushes_are_in_flight_as_the_settings_allow() {
    for concurrency in [1, 4, 7] {
        let script = Script::always(Step::Late(Duration::from_millis(100), 204));
        let client = script.client(|settings| {
            settings.batch_size = 1;
            settings.push_concurrency = concurrency.try_into().unwrap();
        });
        let started = Instant::now();
        let outcome = deliver(&client, never(), 56).await;
        assert_eq!(outcome.delivered, 56);
        assert_eq!(script.most_in_flight(), concurrency);
        let rounds = 56_u128.div_ceil(concurrency as u128);
        assert_eq!(started.elapsed().as_millis() / 100, rounds);
    }
}

/// A real Loki with its default rate limits took 46 s for 100 MiB with 24 pushes always in flight, and 24 s with 4.
#[tokio::test(start_paused = true)]
async fn fewer_pushes_are_in_flight_after_the_server_asked_for_less() {
    let late = |status| Step::Late(Duration::from_millis(100), status);
    for (first, most) in [(204, 8), (400, 8), (500, 8), (429, 5), (503, 5)] {
        let script = Script::with_limit(vec![late(first); 8], late(204), usize::MAX);
        let client = script.client(|settings| {
            settings.batch_size = 1;
            settings.push_concurrency = 8.try_into().unwrap();
        });
        // All eight get their responses together, so the limit is halved to four. After four successes it is five.
        deliver(&client, never(), 8).await;
        script.forget_most_in_flight();
        assert_eq!(deliver(&client, never(), 8).await.delivered, 8);
        assert_eq!(script.most_in_flight(), most, "after {first}");
        deliver(&client, never(), 100).await;
        assert_eq!(script.most_in_flight(), 8, "long after {first}");
    }
}

#[tokio::test(start_paused = true)]
async fn reading_waits_while_the_window_is_full() {
    let script = Script::always(Step::Hang);
    let client = script.client(|settings| settings.batch_size = 1);
    let mut delivery = Delivery::new(&client, within(Duration::from_secs(9)));
    let mut read: u32 = 0;
    let reading = async {
        loop {
            delivery.add(&entry(&[("a", "1")], 0, "x"), ItemId(read)).await;
            read += 1;
        }
    };
    // The future is dropped while it waits, as happens at the deadline.
    assert!(timeout(Duration::from_secs(4), reading).await.is_err());
    assert_eq!(read, 5, "four pushes are in flight, and one batch is open");
    let outcome = delivery.finish().await;
    let failed: u64 = outcome.failed();
    assert_eq!(failed, 6, "the entry that was being added is not lost");
}

#[tokio::test(start_paused = true)]
async fn a_failed_batch_fails_only_its_items() {
    let script = Script::new([Step::Answer(400, "bad labels")]);
    let client = script.client(|_| ());
    let mut delivery = Delivery::new(&client, never());
    let of_tenant = |tenant: &'static str| entry(&[("a", "1"), (TENANT_LABEL, tenant)], 0, tenant);
    delivery.add(&entry(&[("a", "1")], 0, "x"), ItemId(0)).await;
    delivery.add(&of_tenant("blue"), ItemId(1)).await;
    delivery.add(&of_tenant("line\nbreak"), ItemId(2)).await;
    delivery.add(&of_tenant("blue"), ItemId(3)).await;
    let outcome = delivery.finish().await;

    assert_eq!((outcome.delivered, outcome.pushes, outcome.failed()), (2, 1, 2));
    let rejected: Vec<_> = outcome.rejected.into_iter().collect();
    assert_eq!(
        rejected,
        [("invalid_tenant".to_owned(), 1), ("status_400".to_owned(), 1)]
    );
    let mut failed: Vec<_> = outcome
        .failures
        .iter()
        .map(|failure| (failure.items.clone(), failure.error.to_string()))
        .collect();
    failed.sort();
    assert_eq!(failed[0].0, [(ItemId(0), 1)]);
    assert_eq!(failed[1].0, [(ItemId(2), 1)]);
    assert!(failed[1].1.contains(r#"tenant "line\nbreak""#));
    let tenants: Vec<_> = script
        .sent()
        .into_iter()
        .map(|sent| sent.tenant.unwrap())
        .collect();
    assert_eq!(tenants, ["everyone", "blue"]);
}

#[tokio::test(start_paused = true)]
async fn only_items_with_refused_entries_fail() {
    for (streams, bad) in [
        (1, vec![7]),
        (3, vec![7]),
        (1, vec![0, 9]),
        (3, vec![]),
        (1, (0..10).collect()),
    ] {
        let script = Script::always(Step::RefuseBad);
        let client = script.client(|_| ());
        let mut delivery = Delivery::new(&client, never());
        for line in 0..50_u32 {
            let item = line % 10;
            let text = format!("{} line {line}", if bad.contains(&item) { "bad" } else { "good" });
            let labels = (line % streams).to_string();
            let entry = entry(&[("a", labels.as_str())], line.into(), &text);
            delivery.add(&entry, ItemId(item)).await;
        }
        let outcome = delivery.finish().await;
        let mut failed: Vec<(ItemId, u64)> = outcome
            .failures
            .iter()
            .flat_map(|failure| failure.items.clone())
            .collect();
        failed.sort();
        let expected: Vec<(ItemId, u64)> = bad.iter().map(|item| (ItemId(*item), 5)).collect();
        assert_eq!(failed, expected, "{streams} streams");
        assert_eq!(outcome.failed() + outcome.delivered, 50);
        // Two pushes for each halving that contains an item with refused entries.
        let most = match bad.len() {
            0 | 10 => 1,
            bad => 1 + bad * 8,
        };
        assert!(
            script.attempts() <= most,
            "{} attempts for {bad:?}",
            script.attempts()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn refused_entries_that_are_dropped_need_no_further_push() {
    let script = Script::always(Step::RefuseBad);
    let client = script.client(|settings| settings.on_reject = OnReject::Drop);
    let mut delivery = Delivery::new(&client, never());
    for (item, line) in [(0, "good"), (1, "bad"), (2, "good")] {
        delivery
            .add(&entry(&[("a", "1")], item.into(), line), ItemId(item))
            .await;
    }
    let outcome = delivery.finish().await;
    assert_eq!((outcome.delivered, outcome.failed()), (2, 0));
    assert_eq!(script.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn refused_entries_are_dropped_and_counted_where_the_settings_say_so() {
    let script = Script::new([
        Step::Answer(400, "entry has timestamp too old"),
        Step::Answer(204, ""),
        Step::Answer(429, ""),
    ]);
    let client = script.client(|settings| {
        settings.batch_size = 1;
        settings.push_concurrency = 1.try_into().unwrap();
        settings.on_reject = OnReject::Drop;
        settings.backoff.max_retries = 1;
    });
    let outcome = deliver(&client, never(), 3).await;
    assert_eq!(
        outcome.rejected.into_iter().collect::<Vec<_>>(),
        [("greater_than_max_sample_age".to_owned(), 1)]
    );
    let failed: Vec<_> = outcome.failures.iter().map(|failure| &failure.items).collect();
    assert_eq!(
        failed,
        [&[(ItemId(2), 1)]],
        "a push that was not refused still fails"
    );
    assert_eq!(outcome.delivered, 1);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_too_large_is_split_down_to_one_entry() {
    let script = Script::with_limit([], Step::Answer(204, ""), 64);
    let client = script.client(|_| ());
    let long = "x".repeat(100);
    let mut lines: Vec<String> = (0..20).map(|at| format!("line {at}")).collect();
    lines.insert(7, long.clone());
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let delivered = client.deliver(batch(&texts), &never()).await;

    assert_eq!(delivered.attempts as usize, script.attempts());
    let (good, bad): (Vec<_>, Vec<_>) = delivered.parts.iter().partition(|part| part.result.is_ok());
    assert_eq!(bad.len(), 1);
    assert_eq!(bad[0].items, [(ItemId(7), 1)]);
    let error = bad[0].result.as_ref().unwrap_err();
    assert!(
        error.is_final() && error.to_string().contains("one entry"),
        "{error}"
    );
    assert_eq!(good.iter().map(|part| part.entries).sum::<u64>(), 20);
    lines.remove(7);
    assert_eq!(script.taken(), lines, "each line once, in order");
}

#[tokio::test(start_paused = true)]
async fn a_part_that_fails_does_not_stop_the_others() {
    let script = Script::with_limit(
        [
            Step::Answer(500, "rpc error: code = ResourceExhausted desc = too large"),
            Step::Answer(400, "no"),
        ],
        Step::Answer(204, ""),
        usize::MAX,
    );
    let client = script.client(|_| ());
    let delivered = client.deliver(batch(&["a", "b", "c", "d"]), &never()).await;
    assert_eq!(delivered.parts.len(), 2);
    assert!(delivered.parts[0].result.is_err());
    assert_eq!(script.taken(), ["c", "d"]);
}

/// Loki refuses an entry that is an hour older than the newest one of its stream, and a push that is retried arrives
/// late.
#[tokio::test(start_paused = true)]
async fn a_push_waits_for_one_that_it_would_make_too_old() {
    let minutes = |minutes: i64| minutes * 60;
    for (stream, age, waits) in [("1", 61, true), ("1", 5, false), ("2", 61, false)] {
        let script = Script::new([Step::Answer(500, "")]);
        let client = script.client(|settings| settings.batch_size = 1);
        let mut delivery = Delivery::new(&client, never());
        delivery
            .add(&entry(&[("a", "1")], minutes(0), "old"), ItemId(0))
            .await;
        delivery
            .add(&entry(&[("a", stream)], minutes(age), "new"), ItemId(1))
            .await;
        assert_eq!(delivery.finish().await.delivered, 2);
        let order = if waits { ["old", "new"] } else { ["new", "old"] };
        assert_eq!(script.taken(), order, "{stream} {age}");
    }
}

#[tokio::test(start_paused = true)]
async fn entries_not_delivered_before_the_deadline_are_reported_and_the_others_delivered() {
    let script = Script::always(Step::Late(Duration::from_millis(100), 204));
    let client = script.client(|settings| {
        settings.batch_size = 1;
        settings.push_concurrency = 2.try_into().unwrap();
    });
    let started = Instant::now();
    let outcome = deliver(&client, within(Duration::from_millis(1050)), 100).await;
    assert!(started.elapsed() <= Duration::from_millis(1060));
    assert_eq!(outcome.delivered, 20);
    assert_eq!(outcome.failed(), 80);
    let attempts: Vec<u32> = outcome
        .failures
        .iter()
        .map(|failure| failure.error.attempts())
        .collect();
    assert_eq!(attempts.iter().filter(|attempts| **attempts == 1).count(), 2);
    assert_eq!(script.attempts(), 22, "nothing is sent after the deadline");
}
