//! What was worked out before, by a number that stands for all it depends on.

/// A memory of fixed size: what comes to a place that is taken drives out what was there.
#[derive(Debug)]
pub(super) struct Memo<V> {
    /// The number 0 stands for an empty place.
    places: Vec<(u64, V)>,
}

impl<V: Copy + Default> Memo<V> {
    /// With so many places, a power of two.
    pub(super) fn new(places: usize) -> Self {
        Self { places: vec![(0, V::default()); places.next_power_of_two()] }
    }

    /// What was worked out for `key`, or is now. Different things have different numbers of 64 bits.
    #[inline]
    pub(super) fn of(&mut self, key: u64, work_out: impl FnOnce() -> V) -> V {
        let mask = self.places.len() - 1;
        let place = &mut self.places[(key >> 32) as usize & mask];
        if place.0 != key {
            *place = (key, work_out());
        }
        place.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_worked_out_once_unless_driven_out() {
        let mut memo = Memo::new(2);
        let mut count = 0;
        let mut ask = |key: u64| {
            memo.of(key, || {
                count += 1;
                count
            })
        };
        assert_eq!([ask(1), ask(1 << 32), ask(1), ask(3), ask(1)], [1, 2, 1, 3, 4]);
    }
}
