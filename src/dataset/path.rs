//! The way to a field inside a record: `objects[].bbox`, `mask_data{}.label`.

use serde::{Deserialize, Serialize};

use super::Cell;

/// A way from the root of a record to one or many values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct FieldPath(pub(crate) Vec<Step>);

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Into a member of a record.
    Key(String),
    /// Into every element of a list.
    Each,
    /// Into every value of a record whose keys are ids.
    EachValue,
}

impl FieldPath {
    /// The path of a field at the top.
    pub(crate) fn of(name: &str) -> Self {
        Self(vec![Step::Key(name.to_owned())])
    }

    /// Reads `a.b[].c{}`; every text is some path.
    pub(crate) fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.') {
            let mut name = part;
            let mut tail = Vec::new();
            loop {
                if let Some(rest) = name.strip_suffix("[]") {
                    tail.push(Step::Each);
                    name = rest;
                } else if let Some(rest) = name.strip_suffix("{}") {
                    tail.push(Step::EachValue);
                    name = rest;
                } else {
                    break;
                }
            }
            if !name.is_empty() {
                steps.push(Step::Key(name.to_owned()));
            }
            steps.extend(tail.into_iter().rev());
        }
        Self(steps)
    }

    /// This path with one more step.
    pub(crate) fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// This path with one more name.
    pub(crate) fn key(&self, name: &str) -> Self {
        self.then(Step::Key(name.to_owned()))
    }

    /// The field at the top of the record that this path goes through.
    pub(crate) fn top(&self) -> &str {
        match self.0.first() {
            Some(Step::Key(name)) => name,
            _ => "",
        }
    }

    /// The last name on the way.
    pub(crate) fn last(&self) -> &str {
        self.0
            .iter()
            .rev()
            .find_map(|step| match step {
                Step::Key(name) => Some(name.as_str()),
                _ => None,
            })
            .unwrap_or("")
    }

    /// The path without its last name and what follows it.
    pub(crate) fn parent(&self) -> Self {
        let cut = self.0.iter().rposition(|step| matches!(step, Step::Key(_))).unwrap_or(0);
        Self(self.0.iter().take(cut).cloned().collect())
    }

    /// How many steps fan out.
    pub(crate) fn fans(&self) -> usize {
        self.0.iter().filter(|step| !matches!(step, Step::Key(_))).count()
    }

    /// Whether the values are reached through a list of records, not a plain list of values.
    pub(crate) fn is_nested(&self) -> bool {
        !self.parent().0.is_empty()
    }

    /// Whether `other` is this path or goes on from it.
    pub(crate) fn leads_to(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Calls `sink` with every value at the end of this path, in the order of the data.
    pub(crate) fn walk<'a>(&self, root: &'a Cell, sink: &mut dyn FnMut(&'a Cell)) {
        walk(&self.0, root, sink);
    }

    /// The first value at the end of this path that is not null.
    pub(crate) fn first<'a>(&self, root: &'a Cell) -> Option<&'a Cell> {
        let mut found = None;
        self.walk(root, &mut |cell| {
            if found.is_none() && *cell != Cell::Null {
                found = Some(cell);
            }
        });
        found
    }

    /// All values at the end of this path.
    pub(crate) fn all<'a>(&self, root: &'a Cell) -> Vec<&'a Cell> {
        let mut found = Vec::new();
        self.walk(root, &mut |cell| found.push(cell));
        found
    }
}

fn walk<'a>(steps: &[Step], cell: &'a Cell, sink: &mut dyn FnMut(&'a Cell)) {
    let Some((step, rest)) = steps.split_first() else {
        sink(cell);
        return;
    };
    match (step, cell) {
        (Step::Key(name), Cell::Map(members)) => {
            if let Some((_, inner)) = members.iter().find(|(key, _)| key == name) {
                walk(rest, inner, sink);
            }
        }
        (Step::Each, Cell::List(items)) => {
            for item in items {
                walk(rest, item, sink);
            }
        }
        // A list that is sometimes a single value is common (`relation` of CompreCap).
        (Step::Each, single) if !matches!(single, Cell::Null) => walk(rest, single, sink),
        (Step::EachValue, Cell::Map(members)) => {
            for (_, inner) in members {
                walk(rest, inner, sink);
            }
        }
        _ => {}
    }
}

impl std::fmt::Display for FieldPath {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) if place == 0 => out.write_str(name)?,
                Step::Key(name) => write!(out, ".{name}")?,
                Step::Each => out.write_str("[]")?,
                Step::EachValue => out.write_str("{}")?,
            }
        }
        Ok(())
    }
}

/// The text of a cell that holds text or a number.
pub(crate) fn scalar(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.trim().to_owned()),
        Cell::Int(number) => Some(number.to_string()),
        Cell::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => Some(format!("{number:.0}")),
        Cell::Float(number) => Some(number.to_string()),
        Cell::Bool(value) => Some(value.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// The number in a cell; text such as `"222"` counts.
pub(crate) fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Int(number) => Some(*number as f64),
        Cell::Float(number) => Some(*number),
        Cell::Text(text) if text.len() < 32 => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// The member of a record.
pub(crate) fn member<'a>(cell: &'a Cell, name: &str) -> Option<&'a Cell> {
    match cell {
        Cell::Map(members) => members.iter().find(|(key, _)| key == name).map(|(_, inner)| inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_they_parse() {
        for text in ["a", "a.b", "a[].b", "a{}.b[]", "conversations[].value", "x[][]", "@key"] {
            assert_eq!(FieldPath::parse(text).to_string(), text);
        }
    }

    #[test]
    fn a_path_walks_lists_and_dicts() {
        let record = Cell::Map(vec![(
            "objects".to_owned(),
            Cell::Map(vec![
                ("7".to_owned(), Cell::Map(vec![("name".to_owned(), Cell::Text("chair".to_owned()))])),
                ("9".to_owned(), Cell::Map(vec![("name".to_owned(), Cell::Text("mat".to_owned()))])),
            ]),
        )]);
        let found = FieldPath::parse("objects{}.name").all(&record);
        assert_eq!(found.len(), 2);
        assert_eq!(FieldPath::parse("objects{}.name").parent().to_string(), "objects{}");
    }
}
