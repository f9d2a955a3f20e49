//! Work on all processors whose results come in the order of its parts, whichever thread did them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The most threads that are started.
const THREADS: usize = 16;

/// `one` of each part, in their order.
pub(super) fn over<R: Send>(parts: usize, one: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    by(processors.min(THREADS).min(parts), parts, one)
}

/// [`over`] by so many threads.
pub(super) fn by<R: Send>(threads: usize, parts: usize, one: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= parts {
                return done;
            }
            done.push((part, one(part)));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut all = worker();
        for other in workers {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(part, _)| *part);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Rows that one part of [`rows`] has.
const ROWS: usize = 1 << 15;

/// `one` of each row, in their order.
pub(super) fn rows<R: Send>(rows: usize, one: &(dyn Fn(usize) -> R + Sync)) -> Vec<R> {
    if rows <= ROWS {
        return (0..rows).map(one).collect();
    }
    let parts = over(rows.div_ceil(ROWS), &|part| {
        let from = part * ROWS;
        (from..(from + ROWS).min(rows)).map(one).collect::<Vec<R>>()
    });
    let mut all = Vec::with_capacity(rows);
    parts.into_iter().for_each(|part| all.extend(part));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_from_any_number_of_threads() {
        let expected: Vec<usize> = (0..1000).map(|i| i * i).collect();
        for threads in [0, 1, 2, 7] {
            assert_eq!(by(threads, 1000, &|i| i * i), expected, "{threads}");
        }
        for count in [0, 1, ROWS, ROWS + 1, 3 * ROWS + 7] {
            assert_eq!(rows(count, &|i| i), (0..count).collect::<Vec<_>>());
        }
    }
}
