//! The mark-up of Flickr30k Entities: `[/EN#283585/people A young girl] runs`.

use super::Gathered;
use crate::model::{Descriptor, Facet};

/// The text without its mark-up; the marked phrases become objects. None where there is none.
pub(crate) fn strip(text: &str, field: &str, gathered: &mut Gathered) -> Option<String> {
    if !text.contains("[/EN#") {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once("[/EN#") {
        plain.push_str(before);
        let (inside, after) = marked.split_once(']').unwrap_or((marked, ""));
        let (kinds, words) = inside.split_once(' ').unwrap_or((inside, ""));
        plain.push_str(words);
        let mut parts = kinds.split('/');
        let chain = parts.next().unwrap_or("");
        let mut descriptor = Descriptor::new(Facet::Object, super::clean(words), format!("supplied:{field}"));
        descriptor.dimension = parts.next().filter(|kind| !kind.is_empty()).map(str::to_owned);
        if descriptor.dimension.as_deref() != Some("notvisual") {
            let key = format!("#{chain}");
            if (chain == "0" || !gathered.known.iter().any(|(known, _)| *known == key))
                && let Some(place) = gathered.push(descriptor)
            {
                gathered.known.push((key, place));
            }
        }
        rest = after;
    }
    plain.push_str(rest);
    Some(plain.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_up_is_stripped() {
        let mut gathered = Gathered::default();
        let plain = strip("[/EN#1/people A girl] on [/EN#2/scene a beach] .", "cap", &mut gathered);
        assert_eq!(plain.as_deref(), Some("A girl on a beach ."));
        assert_eq!(gathered.list.len(), 2);
        assert_eq!(strip("A girl", "cap", &mut gathered), None);
        assert!(strip("[/EN#1/people A girl", "cap", &mut gathered).is_some());
    }
}
