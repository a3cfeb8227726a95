//! Work on several things at once, on threads that live as long as the work.

use std::sync::{Mutex, PoisonError};

use super::IndexError;

/// Does `work` on all items, some at a time, and gives what comes of them in their order; or the error that came
/// first in it. Where an item fails, those that nobody has taken up yet are left alone.
pub(super) fn side_by_side<I, R>(
    items: I,
    threads: usize,
    work: impl Fn(I::Item) -> Result<R, IndexError> + Sync,
) -> Result<Vec<R>, IndexError>
where
    I: Iterator + Send,
    R: Send,
{
    let queue = Mutex::new((items.enumerate().fuse(), false));
    let take = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.1 { None } else { queue.0.next() }
    };
    let run = || {
        let mut done = Vec::new();
        while let Some((place, item)) = take() {
            let outcome = work(item);
            if outcome.is_err() {
                queue.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
            }
            done.push((place, outcome));
        }
        done
    };
    let mut done = std::thread::scope(|scope| {
        let builder = || std::thread::Builder::new().name("settle".into());
        // Fewer threads do as well: this one works, too.
        let others: Vec<_> = (1..threads).filter_map(|_| builder().spawn_scoped(scope, run).ok()).collect();
        let mut done = run();
        for other in others {
            match other.join() {
                Ok(others) => done.extend(others),
                Err(_) => return Err(IndexError::Thread("a thread that settles figures has failed".into())),
            }
        }
        Ok(done)
    })?;
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_of_items_is_in_their_order() {
        for threads in [0, 1, 3, 40] {
            let squares = side_by_side(0..20_u64, threads, |number| Ok(number * number)).unwrap();
            assert_eq!(squares, (0..20).map(|number| number * number).collect::<Vec<u64>>());
        }
        let mut numbers = [1, 2, 3];
        side_by_side(numbers.iter_mut(), 2, |number| {
            *number += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(numbers, [2, 3, 4]);
        let failed = side_by_side(0..1_000, 2, |number| {
            if number >= 7 { Err(IndexError::Sample(number.to_string())) } else { Ok(number) }
        });
        assert!(failed.unwrap_err().to_string().contains('7'));
    }
}
