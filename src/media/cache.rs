//! A store that keeps what was used last, up to a number of bytes.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// What something costs to keep.
pub trait Weigh {
    /// Bytes of memory that it holds, about.
    fn weight(&self) -> usize;
}

/// Keeps the most recently used values whose weights sum to at most `capacity` bytes.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    capacity: usize,
    weight: usize,
    clock: u64,
    entries: HashMap<K, Entry<V>>,
    ages: BTreeMap<u64, K>,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    weight: usize,
    used: u64,
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    /// An empty cache for so many bytes.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, weight: 0, clock: 0, entries: HashMap::new(), ages: BTreeMap::new() }
    }

    /// The value under this key, which becomes the most recently used.
    pub(crate) fn look_up(&mut self, key: &K) -> Option<V> {
        let entry = self.entries.get_mut(key)?;
        self.clock += 1;
        if let Some(key) = self.ages.remove(&entry.used) {
            self.ages.insert(self.clock, key);
        }
        entry.used = self.clock;
        Some(entry.value.clone())
    }

    /// Keeps a value in place of an older one with the same key. One that is heavier than the
    /// whole cache is not kept.
    pub(crate) fn keep(&mut self, key: K, value: V, weight: usize) {
        self.forget(&key);
        if weight > self.capacity {
            return;
        }
        self.clock += 1;
        self.weight += weight;
        self.ages.insert(self.clock, key.clone());
        self.entries.insert(key, Entry { value, weight, used: self.clock });
        while self.weight > self.capacity {
            let Some((_, oldest)) = self.ages.pop_first() else { break };
            if let Some(entry) = self.entries.remove(&oldest) {
                self.weight -= entry.weight;
            }
        }
    }

    /// Drops everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }

    fn forget(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.ages.remove(&entry.used);
            self.weight -= entry.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_goes_first() {
        let mut cache = Cache::new(10);
        cache.keep('a', 1, 4);
        cache.keep('b', 2, 4);
        assert_eq!(cache.look_up(&'a'), Some(1));
        cache.keep('c', 3, 4);
        assert_eq!(cache.look_up(&'b'), None);
        assert_eq!(cache.look_up(&'a'), Some(1));
        assert_eq!(cache.look_up(&'c'), Some(3));
        assert_eq!(cache.weight, 8);
    }

    #[test]
    fn a_value_replaces_the_one_with_its_key_and_weights_stay_true() {
        let mut cache = Cache::new(10);
        cache.keep('a', 1, 9);
        cache.keep('a', 2, 3);
        cache.keep('b', 3, 7);
        assert_eq!((cache.look_up(&'a'), cache.look_up(&'b'), cache.weight), (Some(2), Some(3), 10));
        cache.keep('c', 4, 11);
        assert_eq!(cache.look_up(&'c'), None);
        cache.clear();
        assert_eq!((cache.weight, cache.look_up(&'a')), (0, None));
    }
}
