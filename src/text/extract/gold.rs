//! Graphs in FACTUAL's notation: `( dog , is , brown ) , ( dog , on , bed )`.

/// One fact of a graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fact {
    Object(String),
    /// An object and its attribute.
    Attribute(String, String),
    /// Subject, predicate, object.
    Relation(String, String, String),
}

impl Fact {
    /// Writes it in FACTUAL's notation: `( dog , is , brown )`.
    pub(super) fn write(&self, out: &mut String) {
        let parts: [&str; 7] = match self {
            Self::Object(object) => ["( ", object, "", "", "", "", " )"],
            Self::Attribute(object, attribute) => ["( ", object, " , ", "is", " , ", attribute, " )"],
            Self::Relation(subject, predicate, object) => {
                ["( ", subject, " , ", predicate, " , ", object, " )"]
            }
        };
        for part in parts {
            out.push_str(part);
        }
    }
}

/// The facts of a graph; what cannot be read is left out.
pub(super) fn facts(graph: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    for part in graph.split(')') {
        let part = part.trim_start_matches([' ', ',']).trim_start_matches('(');
        let elements: Vec<String> =
            part.split(',').map(|word| word.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let fact = match elements.as_slice() {
            [object] if !object.is_empty() => Fact::Object(object.clone()),
            [object, is, attribute] if is == "is" => Fact::Attribute(object.clone(), attribute.clone()),
            [subject, predicate, object] => {
                Fact::Relation(subject.clone(), predicate.clone(), object.clone())
            }
            _ => continue,
        };
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_are_read() {
        let expected = [
            Fact::Relation("bull".into(), "have".into(), "head".into()),
            Fact::Attribute("bull".into(), "black".into()),
            Fact::Object("sky".into()),
        ];
        assert_eq!(facts("( bull , have , head ) , ( bull , is , black ) , ( sky )"), expected);
        assert_eq!(facts(""), []);
    }
}
