//! From text to query. A recursive-descent parser over bytes; every error has a place and says what
//! was expected.
//!
//! ```text
//! query  = or
//! or     = and { "OR" and }
//! and    = unary { [ "AND" ] unary }
//! unary  = ( "-" | "NOT" ) unary | item
//! item   = "(" or ")" | '"' words '"' | "~" word | word "*" | word "{" words "}"
//!        | field ":" value | "sort:" [ "-" ] field | "random:" number | word
//! value  = "(" or ")" | '"' words '"' | "~" word | comparison number | "[" number "TO" number "]"
//!        | number ".." number | word [ "*" ] | "*"
//! ```

use std::ops::{Bound, Range};

use super::facts::lemmas;
use super::field::{FIELDS, named, nearest};
use super::flag::flags_of;
use super::{Bounds, Clause, Expr, Field, Query, QueryError, Sort, Test};
use crate::measure::FlagId;
use crate::text;

/// Parentheses and minus signs inside one another.
const DEEPEST: usize = 64;
/// Bytes of a query.
const LONGEST: usize = 20_000;

/// Parses a finished query.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    Parser::new(text, false).query()
}

/// Parses a query that is being typed: the last word is the beginning of a word, and what is begun
/// but not finished at the very end is no error.
pub fn parse_live(text: &str) -> Result<Query, QueryError> {
    Parser::new(text, true).query()
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    live: bool,
    depth: usize,
    sort: Option<Sort>,
    /// What plain items ask about: changes inside `field:( … )`.
    field: Field,
}

type Parsed<T> = Result<T, QueryError>;

impl<'t> Parser<'t> {
    fn new(text: &'t str, live: bool) -> Self {
        Self { text, at: 0, live, depth: 0, sort: None, field: Field::Caption }
    }

    fn query(mut self) -> Parsed<Query> {
        if self.text.len() > LONGEST {
            let message = format!("the query is too long; at most {LONGEST} bytes are expected");
            return Err(QueryError::new(self.text, 0..0, message));
        }
        let filter = self.either()?;
        self.skip_space();
        if self.at < self.text.len() {
            return Err(self.error(self.at..self.at + 1, "there is no `(` for this `)`"));
        }
        Ok(Query { filter, sort: self.sort })
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn is_at_end(&self) -> bool {
        self.rest().trim().is_empty()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Takes a word in capitals that stands alone.
    fn take_keyword(&mut self, keyword: &str) -> bool {
        let Some(after) = self.rest().strip_prefix(keyword) else { return false };
        let ends = after.chars().next().is_none_or(|next| next.is_whitespace() || next == '(' || next == ')');
        if ends {
            self.at += keyword.len();
        }
        ends
    }

    fn error(&self, span: Range<usize>, message: impl Into<String>) -> QueryError {
        QueryError::new(self.text, span, message)
    }

    fn end_error(&self, message: &str) -> QueryError {
        self.error(self.text.len()..self.text.len(), message)
    }

    /// `a OR b`. `None` where there is no condition.
    fn either(&mut self) -> Parsed<Option<Expr>> {
        let mut parts = Vec::new();
        loop {
            let began = self.at;
            let part = self.all()?;
            let is_empty = part.is_none();
            parts.extend(part);
            self.skip_space();
            let operator = self.at;
            if !self.take_keyword("OR") {
                if is_empty && !parts.is_empty() && !self.live {
                    return Err(self.error(began..began, "expected a word after OR"));
                }
                break;
            }
            if is_empty && self.sort.is_none() {
                return Err(self.error(operator..operator + 2, "expected a word before OR"));
            }
        }
        Ok(match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Expr::Or(parts)),
        })
    }

    /// `a b -c`.
    fn all(&mut self) -> Parsed<Option<Expr>> {
        let mut parts = Vec::new();
        loop {
            self.skip_space();
            if self.at >= self.text.len() || self.rest().starts_with(')') {
                break;
            }
            let began = self.at;
            if self.take_keyword("OR") {
                self.at = began;
                break;
            }
            if self.take_keyword("AND") {
                if parts.is_empty() {
                    return Err(self.error(began..began + 3, "expected a word before AND"));
                }
                if self.is_at_end() && !self.live {
                    return Err(self.end_error("expected a word after AND"));
                }
                continue;
            }
            parts.extend(self.unary()?);
        }
        Ok(match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Expr::And(parts)),
        })
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            let message = format!("nested too deep; at most {DEEPEST} levels are expected");
            return Err(self.error(self.at..self.at, message));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn unary(&mut self) -> Parsed<Option<Expr>> {
        let began = self.at;
        if !self.take('-') && !self.take_keyword("NOT") {
            return self.item();
        }
        self.skip_space();
        if self.is_at_end() {
            return if self.live { Ok(None) } else { Err(self.end_error("expected what is not wanted")) };
        }
        if self.rest().starts_with(')') {
            return Err(self.error(began..self.at, "expected what is not wanted"));
        }
        let inner = self.deeper(Self::unary)?;
        Ok(inner.map(|inner| Expr::Not(Box::new(inner))))
    }

    fn item(&mut self) -> Parsed<Option<Expr>> {
        match self.peek() {
            Some('(') => self.group(self.field.clone()),
            Some('"') => self.quoted_item(self.field.clone(), self.at),
            Some('~') => self.fuzzy(self.field.clone(), self.at),
            _ => self.word_item(),
        }
    }

    /// `( … )`, asking about a field.
    fn group(&mut self, field: Field) -> Parsed<Option<Expr>> {
        let began = self.at;
        self.at += 1;
        let outer = std::mem::replace(&mut self.field, field);
        let inner = self.deeper(Self::either)?;
        self.field = outer;
        self.skip_space();
        if !self.take(')') && !self.live {
            return Err(self.error(began..began + 1, "this `(` is not closed; expected `)`"));
        }
        Ok(inner)
    }

    /// `" … "`; `began` is where the item begins, with its field.
    fn quoted_item(&mut self, field: Field, began: usize) -> Parsed<Option<Expr>> {
        let quoted = self.quoted()?;
        let span = began..self.at;
        if field.is_whole() {
            return Ok(whole_clause(field, quoted, span));
        }
        let lemmas = lemmas(&quoted);
        let test = match lemmas.as_slice() {
            [] if self.live || quoted.trim().is_empty() => return Ok(None),
            [] => return Err(self.error(span, "expected letters or digits between the quotes")),
            [_] => one_word(&quoted),
            _ => Test::Phrase(lemmas),
        };
        Ok(Some(Expr::Clause(Clause { field, test, span })))
    }

    /// The text between quotes; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Parsed<String> {
        let began = self.at;
        self.at += 1;
        let mut quoted = String::new();
        while let Some(letter) = self.peek() {
            self.at += letter.len_utf8();
            match letter {
                '"' => return Ok(quoted),
                '\\' => {
                    if let Some(next) = self.peek() {
                        self.at += next.len_utf8();
                        quoted.push(next);
                    }
                }
                other => quoted.push(other),
            }
        }
        if self.live {
            Ok(quoted)
        } else {
            Err(self.error(began..began + 1, "this quote is not closed; expected `\"`"))
        }
    }

    /// `~word`.
    fn fuzzy(&mut self, field: Field, began: usize) -> Parsed<Option<Expr>> {
        self.at += 1;
        let raw = self.raw_word();
        let span = began..self.at;
        let words = text::words(&raw);
        let word = match words.as_slice() {
            [] if self.live && self.is_at_end() => return Ok(None),
            [] => return Err(self.error(span, "expected a word after ~")),
            [word] => word.folded.clone(),
            _ => return Err(self.error(span, "expected one word after ~")),
        };
        let distance = if word.chars().count() <= 5 { 1 } else { 2 };
        Ok(Some(Expr::Clause(Clause { field, test: Test::Fuzzy { word, distance }, span })))
    }

    /// Takes up to the next space, parenthesis, brace or quote; a backslash keeps what follows it.
    fn raw_word(&mut self) -> String {
        let mut word = String::new();
        while let Some(letter) = self.peek() {
            if letter.is_whitespace() || matches!(letter, '(' | ')' | '{' | '}' | '"') {
                break;
            }
            self.at += letter.len_utf8();
            if letter == '\\' {
                if let Some(next) = self.peek() {
                    self.at += next.len_utf8();
                    word.push(next);
                }
            } else {
                word.push(letter);
            }
        }
        word
    }

    /// A word, or a field with its value.
    fn word_item(&mut self) -> Parsed<Option<Expr>> {
        let began = self.at;
        if let Some(colon) = self.field_colon() {
            let name = self.text.get(began..colon).unwrap_or_default();
            if let Some(parsed) = self.fielded(name, began, colon)? {
                return Ok(parsed);
            }
        }
        let raw = self.raw_word();
        if raw.is_empty() {
            let letter = self.peek().map_or(0, char::len_utf8);
            return Err(self.error(began..began + letter, "expected a word here"));
        }
        if self.rest().starts_with('{') {
            return self.braces(&raw, began);
        }
        self.bare(self.field.clone(), &raw, began)
    }

    /// Where the colon is, if what follows looks like the name of a field.
    fn field_colon(&self) -> Option<usize> {
        let rest = self.rest();
        let colon = rest.find([':', ' ', '\t', '\n', '(', ')', '"', '{', '}', '\\'])?;
        if !rest.get(colon..)?.starts_with(':') {
            return None;
        }
        let name = rest.get(..colon)?;
        let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
        (begins
            && (name.starts_with("meta.")
                || name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))))
        .then_some(self.at + colon)
    }

    /// The value of a named field; `Ok(None)` where the name is none, and the text is just text.
    fn fielded(&mut self, name: &str, began: usize, colon: usize) -> Parsed<Option<Option<Expr>>> {
        match name {
            "sort" => return self.sorted(began, colon).map(|()| Some(None)),
            "random" => return self.shuffled(began, colon).map(|()| Some(None)),
            "like" => {
                self.at = colon + 1;
                let id = self.whole_value()?;
                let span = began..self.at;
                if id.is_empty() {
                    return self.missing(span, "expected an id after `like:`").map(Some);
                }
                return Ok(Some(Some(Expr::Clause(Clause {
                    field: Field::Caption,
                    test: Test::Like(id),
                    span,
                }))));
            }
            "rel" => {
                self.at = colon + 1;
                return self.relation(began).map(Some);
            }
            _ => {}
        }
        if let Some(field) = named(name) {
            self.at = colon + 1;
            return self.value(field, began).map(Some);
        }
        // `http://…` and the like are text.
        if self.text.get(colon + 1..).is_some_and(|after| after.starts_with("//")) {
            return Ok(None);
        }
        let names = FIELDS.iter().map(|field| field.name);
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean `{near}:`?"),
            None => "`?` lists the fields; put a word with a colon in quotes".to_owned(),
        };
        Err(self.error(began..colon, format!("there is no field `{name}`; {hint}")))
    }

    /// What is missing at the end of a text that is being typed is no error.
    fn missing(&self, span: Range<usize>, message: &str) -> Parsed<Option<Expr>> {
        if self.live && self.is_at_end() { Ok(None) } else { Err(self.error(span, message)) }
    }

    fn value(&mut self, field: Field, began: usize) -> Parsed<Option<Expr>> {
        let rest = self.rest();
        if rest.starts_with('*') && rest.chars().nth(1).is_none_or(|next| next.is_whitespace() || next == ')')
        {
            self.at += 1;
            if matches!(field, Field::Flag | Field::Tag | Field::Note | Field::Verdict) {
                let test = Test::Prefix(String::new());
                return Ok(Some(Expr::Clause(Clause { field, test, span: began..self.at })));
            }
            let name = field.name();
            return Ok(whole_clause(Field::Has, name, began..self.at));
        }
        if !field.is_whole()
            && let Some(bounds) = self.bounds(&field, began)?
        {
            let span = began..self.at;
            return Ok(Some(Expr::Clause(Clause { field, test: Test::Range(bounds), span })));
        }
        if field == Field::Flag {
            let from = self.at;
            let parsed = self.plain_value(field, began)?;
            return self.known_flag(parsed, from);
        }
        if field.is_count() {
            let from = self.at;
            let raw = self.raw_word();
            let message = format!("expected a number or a range after `{}:`, as in `{0}:>10`", field.name());
            return if raw.is_empty() {
                self.missing(began..self.at, &message)
            } else {
                Err(self.error(from..self.at, message))
            };
        }
        self.plain_value(field, began)
    }

    /// Takes a test of [`Field::Flag`] if it names one; `from` is where its value begins.
    fn known_flag(&self, parsed: Option<Expr>, from: usize) -> Parsed<Option<Expr>> {
        let Some(Expr::Clause(clause)) = &parsed else { return Ok(parsed) };
        if !flags_of(&clause.test).is_empty() {
            return Ok(parsed);
        }
        let value = self.text.get(from..self.at).unwrap_or_default();
        let names: Vec<&str> = FlagId::ALL.iter().map(|flag| flag.name()).collect();
        let hint = match nearest(&value.to_uppercase(), names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("flags are {}", names.join(", ")),
        };
        Err(self.error(from..self.at, format!("there is no flag `{value}`; {hint}")))
    }

    /// A value that is no range.
    fn plain_value(&mut self, field: Field, began: usize) -> Parsed<Option<Expr>> {
        match self.peek() {
            Some('(') if !field.is_whole() => self.group(field),
            Some('"') => self.quoted_item(field, began),
            Some('~') => self.fuzzy(field, began),
            _ if field.is_whole() => {
                let value = self.whole_value()?;
                let span = began..self.at;
                if value.is_empty() {
                    return self.missing(span, &format!("expected a value after `{}:`", field.name()));
                }
                Ok(match value.strip_suffix('*') {
                    Some(prefix) => {
                        Some(Expr::Clause(Clause { field, test: Test::Prefix(prefix.to_owned()), span }))
                    }
                    None if self.is_typed_now() => {
                        let test = Test::Partial { lemma: value.clone(), typed: value };
                        Some(Expr::Clause(Clause { field, test, span }))
                    }
                    None => whole_clause(field, value, span),
                })
            }
            _ => {
                let name = field.name();
                let raw = self.raw_word();
                if raw.is_empty() {
                    return self.missing(began..self.at, &format!("expected a word after `{name}:`"));
                }
                self.bare(field, &raw, began)
            }
        }
    }

    /// Whether the user is still typing what was just taken.
    fn is_typed_now(&self) -> bool {
        self.live && self.at == self.text.len()
    }

    /// A value up to the next space or closing parenthesis, or in quotes.
    fn whole_value(&mut self) -> Parsed<String> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let rest = self.rest();
        let end = rest.find(|letter: char| letter.is_whitespace() || letter == ')').unwrap_or(rest.len());
        self.at += end;
        Ok(rest.get(..end).unwrap_or_default().to_owned())
    }

    /// A word as it stands: one word, several if it has hyphens, a beginning if it ends in `*`.
    fn bare(&mut self, field: Field, raw: &str, began: usize) -> Parsed<Option<Expr>> {
        let span = began..self.at;
        let (raw, is_prefix) = match raw.strip_suffix('*') {
            Some(prefix) => (prefix, true),
            None => (raw, false),
        };
        let mut words: Vec<String> = text::words(raw).into_iter().map(|word| word.folded).collect();
        let Some(last) = words.last().cloned() else {
            let message = format!("`{raw}` has no letters or digits to search for");
            return if self.live { Ok(None) } else { Err(self.error(span, message)) };
        };
        // Only what ends in a letter can go on: after `dog,` a new word begins.
        let goes_on = self.is_typed_now() && raw.ends_with(char::is_alphanumeric);
        if !is_prefix && !goes_on {
            let test = if words.len() == 1 { one_word(raw) } else { Test::Phrase(lemmas(raw)) };
            return Ok(Some(Expr::Clause(Clause { field, test, span })));
        }
        let test = if is_prefix {
            Test::Prefix(last)
        } else {
            Test::Partial { lemma: text::lemma(&last).to_owned(), typed: last }
        };
        words.pop();
        let clause = |test| Expr::Clause(Clause { field: field.clone(), test, span: span.clone() });
        let last = clause(test);
        if words.is_empty() {
            return Ok(Some(last));
        }
        let lemma = |word: &String| text::lemma(word).to_owned();
        let before = match words.as_slice() {
            [word] => Test::Word { lemma: lemma(word), typed: word.clone() },
            several => Test::Phrase(several.iter().map(lemma).collect()),
        };
        Ok(Some(Expr::And(vec![clause(before), last])))
    }

    /// `dog{brown, small}`.
    fn braces(&mut self, object: &str, began: usize) -> Parsed<Option<Expr>> {
        let open = self.at;
        self.at += 1;
        let rest = self.rest();
        let end = match rest.find('}') {
            Some(end) => end,
            None if self.live => rest.len(),
            None => return Err(self.error(open..open + 1, "this `{` is not closed; expected `}`")),
        };
        let inside = rest.get(..end).unwrap_or_default();
        self.at += (end + 1).min(rest.len());
        let span = began..self.at;
        let object = lemmas(object).join(" ");
        let mut parts: Vec<Expr> = Vec::new();
        for attribute in inside.split(',') {
            let attribute = lemmas(attribute).join(" ");
            if !attribute.is_empty() && !object.is_empty() {
                let test = Test::With { object: object.clone(), attribute };
                parts.push(Expr::Clause(Clause { field: Field::Object, test, span: span.clone() }));
            }
        }
        match parts.len() {
            0 if self.live => Ok(None),
            0 => Err(self.error(span, "expected an attribute in braces, as in `dog{brown}`")),
            1 => Ok(parts.pop()),
            _ => Ok(Some(Expr::And(parts))),
        }
    }

    /// `rel:(subject predicate object)`; parts of several words in quotes, `*` for anything.
    fn relation(&mut self, began: usize) -> Parsed<Option<Expr>> {
        const EXPECTED: &str = "expected `rel:(subject predicate object)`, with `*` for anything";
        if !self.take('(') {
            let raw = self.raw_word();
            return if raw.is_empty() {
                self.missing(began..self.at, EXPECTED)
            } else {
                Err(self.error(began..self.at, EXPECTED))
            };
        }
        let mut parts: Vec<Option<String>> = Vec::new();
        loop {
            self.skip_space();
            if self.take(')') {
                break;
            }
            if self.at >= self.text.len() {
                if self.live {
                    return Ok(None);
                }
                return Err(self.end_error(EXPECTED));
            }
            let from = self.at;
            let part = if self.peek() == Some('"') { self.quoted()? } else { self.raw_word() };
            if part.is_empty() && self.at == from {
                return Err(self.error(from..from + 1, EXPECTED));
            }
            parts.push((part != "*").then(|| lemmas(&part).join(" ")));
        }
        let span = began..self.at;
        // `dog on top of sofa`: what is between the first and the last word is the predicate.
        let (Some(subject), Some(object), true) =
            (parts.first().cloned(), parts.last().cloned(), parts.len() >= 3)
        else {
            return Err(self.error(span, EXPECTED));
        };
        let middle = parts.get(1..parts.len() - 1).unwrap_or_default();
        let predicate = match middle {
            [None] => None,
            words => Some(words.iter().flatten().cloned().collect::<Vec<_>>().join(" ")),
        };
        if [&subject, &predicate, &object].iter().any(|part| part.as_deref() == Some("")) {
            return Err(self.error(span, EXPECTED));
        }
        let test = Test::Relation { subject, predicate, object };
        Ok(Some(Expr::Clause(Clause { field: Field::Relation, test, span })))
    }

    /// A range or comparison, if one stands here.
    fn bounds(&mut self, field: &Field, began: usize) -> Parsed<Option<Bounds>> {
        let rest = self.rest();
        if rest.starts_with('[') {
            return self.bracketed(began).map(Some);
        }
        for (sign, length) in [(">=", 2), ("<=", 2), (">", 1), ("<", 1), ("=", 1)] {
            if !rest.starts_with(sign) {
                continue;
            }
            self.at += length;
            let from = self.at;
            let Some(number) = self.number() else {
                let raw = self.raw_word();
                if raw.is_empty() && self.live && self.is_at_end() {
                    return Ok(Some(Bounds { from: Bound::Unbounded, to: Bound::Unbounded }));
                }
                let message = format!("expected a number after `{}:{sign}`", field.name());
                return Err(self.error(from..self.at, message));
            };
            let (from, to) = match sign {
                ">=" => (Bound::Included(number), Bound::Unbounded),
                "<=" => (Bound::Unbounded, Bound::Included(number)),
                ">" => (Bound::Excluded(number), Bound::Unbounded),
                "<" => (Bound::Unbounded, Bound::Excluded(number)),
                _ => (Bound::Included(number), Bound::Included(number)),
            };
            return Ok(Some(Bounds { from, to }));
        }
        let back = self.at;
        let Some(number) = self.number() else { return Ok(None) };
        if self.rest().starts_with("..") {
            self.at += 2;
            let to = self.number().map_or(Bound::Unbounded, Bound::Included);
            return Ok(Some(Bounds { from: Bound::Included(number), to }));
        }
        let ends = self.peek().is_none_or(|next| next.is_whitespace() || next == ')');
        if field.is_count() && ends {
            return Ok(Some(Bounds { from: Bound::Included(number), to: Bound::Included(number) }));
        }
        // A number of a field of the data is text like any other.
        self.at = back;
        Ok(None)
    }

    /// `[40 TO 80]`; `*` is no limit.
    fn bracketed(&mut self, began: usize) -> Parsed<Bounds> {
        const EXPECTED: &str = "expected a range such as `[40 TO 80]`, with `*` for no limit";
        self.at += 1;
        let limit = |parser: &mut Self| -> Option<Bound<f64>> {
            parser.skip_space();
            if parser.take('*') {
                return Some(Bound::Unbounded);
            }
            parser.number().map(Bound::Included)
        };
        let parsed = (|| {
            let from = limit(self)?;
            self.skip_space();
            self.take_keyword("TO").then_some(())?;
            let to = limit(self)?;
            self.skip_space();
            self.take(']').then_some(Bounds { from, to })
        })();
        match parsed {
            Some(bounds) => Ok(bounds),
            None if self.live && self.is_at_end() => {
                Ok(Bounds { from: Bound::Unbounded, to: Bound::Unbounded })
            }
            None => Err(self.error(began..self.at.min(self.text.len()), EXPECTED)),
        }
    }

    fn number(&mut self) -> Option<f64> {
        let rest = self.rest();
        let mut end = 0;
        for (place, letter) in rest.char_indices() {
            let before = rest.get(..place).and_then(|text| text.chars().next_back());
            let goes_on = match letter {
                '0'..='9' => true,
                // `10..20` is two numbers.
                '.' => !rest.get(place..).is_some_and(|text| text.starts_with("..")) && before != Some('.'),
                '-' | '+' => place == 0 || matches!(before, Some('e' | 'E')),
                'e' | 'E' => place > 0,
                _ => false,
            };
            if !goes_on {
                break;
            }
            end = place + letter.len_utf8();
        }
        let number: f64 = rest.get(..end)?.parse().ok()?;
        self.at += end;
        number.is_finite().then_some(number)
    }

    fn sorted(&mut self, began: usize, colon: usize) -> Parsed<()> {
        self.at = colon + 1;
        let descending = self.take('-');
        let from = self.at;
        let name = self.raw_word();
        let by = |field| Sort::By { field, descending };
        let sort = match name.as_str() {
            "relevance" => Sort::Relevance,
            "dataset" => Sort::Dataset,
            other => match named(other) {
                Some(field) if field.is_count() || matches!(field, Field::Id | Field::Meta(_)) => by(field),
                _ if self.live && self.at == self.text.len() => return Ok(()),
                _ => {
                    let message = "expected `relevance`, `dataset`, `id`, `words`, `captions`, `questions`, `descriptors`, \
                         `images`, a figure such as `density` or `units`, or `meta.NAME` after `sort:`";
                    return Err(self.error(from..self.at, message));
                }
            },
        };
        self.put_sort(sort, began)
    }

    fn shuffled(&mut self, began: usize, colon: usize) -> Parsed<()> {
        self.at = colon + 1;
        let from = self.at;
        let raw = self.raw_word();
        match raw.parse() {
            Ok(seed) => self.put_sort(Sort::Random(seed), began),
            Err(_) if self.live && raw.is_empty() && self.is_at_end() => Ok(()),
            Err(_) => Err(self.error(from..self.at, "expected a whole number after `random:`")),
        }
    }

    fn put_sort(&mut self, sort: Sort, began: usize) -> Parsed<()> {
        if self.depth > 0 {
            return Err(
                self.error(began..self.at, "the order belongs outside of parentheses and after no minus")
            );
        }
        if self.sort.is_some() {
            return Err(self.error(began..self.at, "expected one order, this is the second"));
        }
        self.sort = Some(sort);
        Ok(())
    }
}

fn one_word(typed: &str) -> Test {
    let word = text::words(typed).into_iter().next().map(|word| word.folded).unwrap_or_default();
    Test::Word { lemma: text::lemma(&word).to_owned(), typed: word }
}

fn whole_clause(field: Field, value: String, span: Range<usize>) -> Option<Expr> {
    (!value.is_empty()).then(|| {
        Expr::Clause(Clause { field, test: Test::Word { lemma: value.clone(), typed: value }, span })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Canonical text of what a query means, with or without the last word being typed.
    fn read(text: &str, live: bool) -> String {
        let parsed = if live { parse_live(text) } else { parse(text) };
        parsed.map_or_else(|error| error.to_string(), |query| query.to_string())
    }

    #[test]
    fn what_queries_mean() {
        for (text, meaning) in [
            ("", ""),
            ("  ", ""),
            ("Dogs", "dog"),
            ("two dogs", "two dog"),
            ("a AND b", "a b"),
            ("\"hot dogs\"", "\"hot dog\""),
            ("\"dog\"", "dog"),
            ("t-shirt", "\"t shirt\""),
            ("cat OR dog", "cat OR dog"),
            ("cat OR dog red", "cat OR (dog red)"),
            ("(cat OR dog) red", "(cat OR dog) red"),
            ("-hot dog", "-hot dog"),
            ("NOT hot", "-hot"),
            ("-(a b)", "-(a b)"),
            ("surf*", "surf*"),
            ("~aple", "~aple"),
            ("object:dog", "object:dog"),
            ("object:\"fire hydrant\"", "object:\"fire hydrant\""),
            ("object:(dog OR cats)", "object:dog OR object:cat"),
            ("id:00012", "id:00012"),
            ("id:A*", "id:A*"),
            ("source:\"two words\"", "source:\"two words\""),
            ("has:question", "has:question"),
            ("question:*", "has:question"),
            ("words:>50", "words:>50"),
            ("words:<=20", "words:<=20"),
            ("words:[10 TO 20]", "words:[10 TO 20]"),
            ("words:[* TO 20]", "words:<=20"),
            ("words:10..20", "words:[10 TO 20]"),
            ("words:12", "words:[12 TO 12]"),
            ("meta.similarity:>0.3", "meta.similarity:>0.3"),
            ("meta.score:-1.5..2e3", "meta.score:[-1.5 TO 2000]"),
            ("meta.license:\"CC BY\"", "meta.license:\"cc by\""),
            ("meta.image/key:abc", "meta.image/key:abc"),
            ("dog{brown}", "dog{brown}"),
            ("dog{brown, small}", "dog{brown} dog{small}"),
            ("rel:(dog on sofa)", "rel:(dog on sofa)"),
            ("rel:(dog * \"red sofa\")", "rel:(dog * \"red sofa\")"),
            ("rel:(cup on top of table)", "rel:(cup \"on top of\" table)"),
            ("like:42", "like:42"),
            ("dog sort:-words", "dog sort:-words"),
            ("sort:meta.score", "sort:meta.score"),
            ("random:7", "random:7"),
            ("16:9", "\"16 9\""),
            ("http://a.b", "\"http a b\""),
            ("\"a \\\" b\"", "\"a b\""),
            ("café", "cafe"),
        ] {
            assert_eq!(read(text, false), meaning, "{text}");
        }
    }

    #[test]
    fn errors_have_a_place_and_say_what_was_expected() {
        for (text, column, part) in [
            ("dog (cat", 5, "expected `)`"),
            ("dog )", 5, "no `(`"),
            ("\"dog", 1, "not closed"),
            ("words:>many", 8, "expected a number"),
            ("words:many", 7, "expected a number or a range"),
            ("words:[1 TO", 1, "expected a range"),
            ("dog OR", 7, "after OR"),
            ("OR dog", 1, "before OR"),
            ("AND dog", 1, "before AND"),
            ("dog AND", 8, "after AND"),
            ("-", 2, "not wanted"),
            ("obejct:dog", 1, "did you mean `object:`"),
            ("beauty:<20", 1, "no field `beauty`"),
            ("object:", 1, "expected a word"),
            ("id:", 1, "expected a value"),
            ("sort:beauty", 6, "expected `relevance`"),
            ("random:x", 8, "whole number"),
            ("(sort:id)", 2, "outside of parentheses"),
            ("sort:id sort:words", 9, "second"),
            ("!!!", 1, "no letters"),
            ("rel:(dog)", 1, "expected `rel:("),
            ("dog{", 4, "not closed"),
            ("dog{}", 1, "expected an attribute"),
            ("~", 1, "expected a word after ~"),
            ("like:", 1, "expected an id"),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.column, column, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_being_typed_is_the_beginning_of_a_word() {
        for (text, meaning) in [
            ("do", "do…"),
            ("two do", "two do…"),
            ("two dogs ", "two dog"),
            ("dog (ca", "dog ca…"),
            ("\"hot do", "\"hot do\""),
            ("dog -", "dog"),
            ("dog OR ", "dog"),
            ("object:", ""),
            ("object:do", "object:do…"),
            ("words:", ""),
            ("words:>", "words:[* TO *]"),
            ("t-shi", "t shi…"),
            ("!!", ""),
            ("sort:wo", ""),
            ("dog{bro", "dog{bro}"),
            ("rel:(dog on", ""),
            ("id:00", "id:00…"),
            ("surf*", "surf*"),
        ] {
            assert_eq!(read(text, true), meaning, "{text}");
        }
    }

    #[test]
    fn no_depth_and_no_length_is_too_much() {
        for text in ["(".repeat(15_000), "-".repeat(15_000), "x ".repeat(9_000), "a".repeat(50_000)] {
            let _ = parse(&text);
            let _ = parse_live(&text);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[ a-zA-Z0-9:()\"{}\\[\\]*~<>=.\\\\éß漢😀-]{0,40}") {
            let _ = parse_live(&text);
            if let Ok(query) = parse(&text) {
                let shown = query.to_string();
                let again = parse(&shown);
                proptest::prop_assert!(again.is_ok(), "{text:?} became {shown:?}: {:?}", again);
                proptest::prop_assert_eq!(again.map(|query| query.to_string()).ok(), Some(shown));
            }
        }
    }
}
