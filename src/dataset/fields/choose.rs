//! The decision: every field gets a role, with the reasons in words.
//!
//! Structures come first (conversations, annotations, questions), since what is inside one
//! belongs to it; then pictures, texts and ids are weighed against each other. A weight is a
//! rough log-odds: what the values look like weighs more than what the field is called, and both
//! are needed only where neither is clear.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::look::{describes, is_template};
use super::names::{Hint, hint, tokens};
use super::survey::{Field, Survey, fingerprint};
use crate::dataset::Cell;
use crate::dataset::descriptors::{DescriptorField, Shape, recognise};
use crate::dataset::mapping::{Ask, ImageField, Plan, Speaker, Talk, instruction_mark, said, without_marks};
use crate::dataset::path::{FieldPath, Step, member, scalar};
use crate::dataset::settings::{Role, Settings};
use crate::model::CaptionRole;

/// What was decided for one field, and why.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
pub struct FieldReport {
    /// Its role.
    pub role: Role,
    /// The way to it, as `--map` takes it.
    pub field: String,
    /// The reasons.
    pub evidence: String,
    /// A few of its values, shortened.
    pub examples: Vec<String>,
}

/// The decision for one kind of record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// What is what.
    pub(crate) plan: Plan,
    /// The reasons, roles in order, fields that have no role last.
    pub(crate) reports: Vec<FieldReport>,
    /// Fields that might name the picture, the best first.
    pub(crate) keys: Vec<FieldPath>,
    /// Remarks for the user.
    pub(crate) notes: Vec<String>,
}

/// What other kinds of records tell about the fields of this one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Fields that name rows: they are no pictures.
    pub(crate) keys: Vec<String>,
    /// The field for whose values another table has names.
    pub(crate) category: Option<String>,
    /// Other records name the pictures: a number that is not said to be one of theirs is none.
    pub(crate) named_elsewhere: bool,
}

/// Decides. `on_disk` tells whether a text names a picture that was found beside the data.
pub(crate) fn choose(
    survey: &Survey,
    settings: &Settings,
    known: &Known,
    on_disk: &dyn Fn(&str) -> bool,
) -> Choice {
    let mut judge = Judge {
        survey,
        shapes: recognise(survey, known.category.as_deref()),
        settings,
        known,
        claimed: Vec::new(),
        enclosed: Vec::new(),
        choice: Choice::default(),
        found: FxHashMap::default(),
    };
    judge.look_on_disk(on_disk);
    judge.ask_user();
    judge.talks();
    judge.asks();
    judge.descriptors();
    judge.images();
    judge.captions();
    judge.ids();
    judge.small_roles();
    judge.keys();
    judge.rest();
    let mut choice = judge.choice;
    choice.plan.packed.clone_from(&survey.packed);
    choice.reports.sort_by(|a, b| (a.role, &a.field).cmp(&(b.role, &b.field)));
    choice
}

struct Judge<'a> {
    survey: &'a Survey,
    /// What looks like descriptors.
    shapes: Vec<DescriptorField>,
    settings: &'a Settings,
    known: &'a Known,
    /// Paths that have a role; what they lead to has it too.
    claimed: Vec<FieldPath>,
    /// Paths in which nothing else is looked for, though not all in them has a role.
    enclosed: Vec<FieldPath>,
    choice: Choice,
    /// Share of a field's values that name a file on disk.
    found: FxHashMap<FieldPath, f32>,
}

/// A field that is weighed.
struct Candidate<'a> {
    path: &'a FieldPath,
    field: &'a Field,
    hint: Hint,
    score: f32,
    why: Vec<String>,
}

impl Candidate<'_> {
    fn add(&mut self, weight: f32, why: impl Into<String>) {
        if weight.abs() > 0.01 {
            self.score += weight;
            if weight > 0.0 {
                self.why.push(why.into());
            }
        }
    }
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

/// What the name of a field and, half as much, those around it hint at.
fn hint_of(path: &FieldPath) -> Hint {
    let mut own = hint(path.last());
    if path.is_nested() {
        let around = hint(path.parent().last());
        own.caption += around.caption * 0.5;
        own.negative += around.negative;
        own.original += around.original * 0.5;
        own.image += around.image * 0.5;
        own.mask += around.mask;
        own.aside += around.aside * 0.5;
    }
    own
}

impl<'a> Judge<'a> {
    fn is_claimed(&self, path: &FieldPath) -> bool {
        self.claimed.iter().chain(&self.enclosed).any(|claimed| claimed.leads_to(path))
    }

    fn report(&mut self, role: Role, path: &FieldPath, evidence: impl Into<String>) {
        let examples = self
            .survey
            .field(path)
            .map(|field| field.examples.clone())
            .filter(|examples| !examples.is_empty())
            .or_else(|| {
                // A structure shows what is in it.
                self.survey
                    .fields
                    .iter()
                    .filter(|(inner, field)| path.leads_to(inner) && !field.examples.is_empty())
                    .max_by_key(|(_, field)| field.words)
                    .map(|(_, field)| field.examples.clone())
            })
            .unwrap_or_default();
        self.choice.reports.push(FieldReport {
            role,
            field: if path.0.is_empty() { "(row)".to_owned() } else { path.to_string() },
            evidence: evidence.into(),
            examples: examples.into_iter().take(3).collect(),
        });
    }

    fn claim(&mut self, role: Role, path: &FieldPath, evidence: impl Into<String>) {
        self.report(role, path, evidence);
        self.claimed.push(path.clone());
    }

    fn look_on_disk(&mut self, on_disk: &dyn Fn(&str) -> bool) {
        for (path, field) in &self.survey.fields {
            let nameable = field.of_values(field.image_names + field.ids + field.ints) > 0.5;
            // A few small numbers may meet the names of files by chance.
            let varied = field.distinct.len() > 8 || field.distinct_share() > 0.5;
            let told = field.image_names > 0 || hint(path.last()).image > 0.0;
            if !nameable || !(varied || told) || field.urls * 2 > field.values || path.fans() > 1 {
                continue;
            }
            let names: Vec<String> = self
                .survey
                .records
                .iter()
                .take(24)
                .filter_map(|record| path.first(record))
                .filter_map(scalar)
                .collect();
            // Where the first few are not there, the rest is not asked for.
            let first = names.iter().take(6).filter(|name| on_disk(name)).count();
            let here =
                first + if first > 0 { names.iter().skip(6).filter(|name| on_disk(name)).count() } else { 0 };
            if here > 0 {
                self.found.insert(path.clone(), here as f32 / names.len().max(1) as f32);
            }
        }
    }

    /// The path that the user means by the name of a field.
    fn meant(&self, name: &str) -> FieldPath {
        let known = self.survey.fields.keys().find(|path| path.to_string() == name);
        let path = known.cloned().unwrap_or_else(|| {
            let top = FieldPath::of(name);
            if self.survey.fields.contains_key(&top) { top } else { FieldPath::parse(name) }
        });
        // A list stands for its items.
        let inside = path.then(Step::Each);
        let list = self.survey.field(&path).is_some_and(|field| field.lists > 0 && field.texts == 0);
        if list && self.survey.fields.contains_key(&inside) { inside } else { path }
    }

    /// What the user said goes before everything else.
    fn ask_user(&mut self) {
        let map = self.settings.map.clone();
        let mut ask = Ask::default();
        for (role, name) in &map {
            let path = self.meant(name);
            if self.survey.field(&path).is_none() && !self.survey.fields.keys().any(|own| path.leads_to(own))
            {
                continue;
            }
            match role {
                Role::Id => self.choice.plan.id = Some(path.clone()),
                Role::Image => self.choice.plan.images.push(ImageField {
                    path: path.clone(),
                    role: None,
                    fallback: None,
                }),
                Role::Caption => self.choice.plan.captions.push((path.clone(), CaptionRole::Main)),
                Role::Original => self.choice.plan.captions.push((path.clone(), CaptionRole::Original)),
                Role::Region => self.choice.plan.captions.push((path.clone(), CaptionRole::Region)),
                Role::Negative => self.choice.plan.captions.push((path.clone(), CaptionRole::Negative)),
                Role::Descriptors => {
                    let shape = recognise(self.survey, self.known.category.as_deref())
                        .into_iter()
                        .find(|field| path.leads_to(&field.path) || field.path.leads_to(&path))
                        .unwrap_or_else(|| DescriptorField {
                            path: path.clone(),
                            shape: Shape::Tags(path.clone()),
                        });
                    self.choice.plan.descriptors.push(shape);
                }
                Role::Question => {
                    ask.base = path.parent();
                    ask.question = Some(path.last().to_owned());
                }
                Role::Answer => ask.answers.push(FieldPath::parse(name).last().to_owned()),
                Role::Choices => ask.choices.push(FieldPath::parse(name).last().to_owned()),
                Role::Pair => self.choice.plan.pair = Some(path.clone()),
                Role::Label => self.choice.plan.label = Some(path.clone()),
                Role::Split => self.choice.plan.split = Some(path.clone()),
                Role::Source => self.choice.plan.source = Some(path.clone()),
                Role::Ignore => self.choice.plan.hidden.push(path.top().to_owned()),
                Role::Meta => {}
            }
            self.claim(*role, &path, "said by you");
        }
        if ask.question.is_some() || !ask.answers.is_empty() {
            self.choice.plan.asks.push(ask);
        }
        let images = self.choice.plan.images.len();
        if images > 1 {
            let names: Vec<FieldPath> =
                self.choice.plan.images.iter().map(|image| image.path.clone()).collect();
            for (image, role) in self.choice.plan.images.iter_mut().zip(roles_of(&names)) {
                image.role = Some(role);
            }
        }
    }

    fn said_by_user(&self, roles: &[Role]) -> bool {
        self.choice
            .reports
            .iter()
            .any(|report| roles.contains(&report.role) && report.evidence == "said by you")
    }

    /// The members of the records at a path, with their fields.
    fn members(&self, base: &FieldPath) -> Vec<(String, FieldPath)> {
        let mut found: Vec<(String, FieldPath)> = Vec::new();
        for path in self.survey.fields.keys().filter(|path| base.leads_to(path)) {
            if let Some(Step::Key(name)) = path.0.get(base.0.len())
                && !found.iter().any(|(known, _)| known == name)
            {
                found.push((name.clone(), base.key(name)));
            }
        }
        found
    }

    /// Paths at which records stand in a list or a dict.
    fn record_lists(&self) -> Vec<FieldPath> {
        self.survey
            .fields
            .iter()
            .filter(|(path, field)| {
                matches!(path.0.last(), Some(Step::Each | Step::EachValue))
                    && field.maps * 10 >= field.values * 8
                    && field.maps > 0
            })
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Lists of turns: a member says who speaks, another what.
    fn talks(&mut self) {
        for list in self.record_lists() {
            if self.is_claimed(&list) {
                continue;
            }
            let Some((speaker, content)) = self.turns(&list) else { continue };
            let templates = self.templates(&list, &speaker, &content);
            let talk =
                Talk { path: list.clone(), speaker: speaker.clone(), content: content.clone(), templates };
            let (captions, questions) = self.try_talk(&talk);
            let role = if captions * 2 >= captions + questions && captions > 0 {
                Role::Caption
            } else {
                Role::Question
            };
            let told = match role {
                Role::Caption => {
                    "the instruction asks for a description or is one of a few, so the answer is a caption"
                }
                _ => "turns of question and answer",
            };
            let evidence = format!("a conversation: `{speaker}` says who speaks, `{content}` what; {told}");
            self.claim(role, &list, evidence);
            if captions > 0 && questions > 0 {
                let other = if role == Role::Caption { Role::Question } else { Role::Caption };
                self.report(other, &list, "some turns of the same conversations");
            }
            self.choice.plan.talks.push(talk);
        }
    }

    fn turns(&self, list: &FieldPath) -> Option<(String, String)> {
        let members = self.members(list);
        let mut speaker: Option<(String, usize)> = None;
        for (name, path) in &members {
            let Some(field) = self.survey.field(path) else { continue };
            if field.texts == 0 || field.few.is_empty() || field.few.len() > 8 {
                continue;
            }
            let all: usize = field.few.values().sum();
            let named: usize =
                field.few.iter().filter(|(who, _)| Speaker::named(who).is_some()).map(|(_, n)| n).sum();
            if named * 10 >= all * 8
                && all * 10 >= field.texts * 9
                && speaker.as_ref().is_none_or(|(_, best)| named > *best)
            {
                speaker = Some((name.clone(), named));
            }
        }
        let (speaker, _) = speaker?;
        let content = members
            .iter()
            .filter(|(name, _)| *name != speaker)
            .filter_map(|(name, path)| {
                let words: usize = self
                    .survey
                    .fields
                    .iter()
                    .filter(|(inner, _)| path.leads_to(inner))
                    .map(|(_, field)| field.words)
                    .sum();
                let said = matches!(name.as_str(), "value" | "content" | "text");
                (words > 0).then_some((words * if said { 3 } else { 1 }, name.clone()))
            })
            .max()?
            .1;
        Some((speaker, content))
    }

    /// Instructions that come several times with long answers.
    fn templates(&self, list: &FieldPath, speaker: &str, content: &str) -> Vec<u64> {
        let mut pairs = Vec::new();
        for record in &self.survey.records {
            let mut question = None;
            list.walk(record, &mut |turn| {
                let who = member(turn, speaker).and_then(scalar).and_then(|name| Speaker::named(&name));
                let Some(inner) = member(turn, content) else { return };
                let text = without_marks(&said(inner, &mut Vec::new()));
                match who {
                    Some(Speaker::Asker) => question = Some(text),
                    Some(Speaker::Answerer) => {
                        if let Some(question) = question.take() {
                            pairs.push((question, text));
                        }
                    }
                    _ => {}
                }
            });
        }
        frequent(&pairs)
    }

    fn try_talk(&self, talk: &Talk) -> (usize, usize) {
        let plan = Plan { talks: vec![talk.clone()], ..Plan::default() };
        self.try_plan(&plan)
    }

    /// Captions and questions that a plan finds in the head.
    fn try_plan(&self, plan: &Plan) -> (usize, usize) {
        let mut counts = (0, 0);
        for record in self.survey.records.iter().take(100) {
            let place = crate::dataset::mapping::Place::default();
            let mut nowhere = |name: &str, _: &Cell| crate::model::ImageRef::Missing {
                name: name.to_owned(),
                reason: String::new(),
            };
            if let Ok(partial) = plan.read(record, &place, &mut nowhere) {
                counts.0 += partial.sample.captions.len();
                counts.1 += partial.sample.questions.len();
            }
        }
        counts
    }

    /// Questions in fields of their own, beside their answers.
    fn asks(&mut self) {
        if self.said_by_user(&[Role::Question, Role::Answer]) {
            return;
        }
        let mut bases = vec![FieldPath::default()];
        bases.extend(self.record_lists());
        for base in bases {
            if !base.0.is_empty() && self.is_claimed(&base) {
                continue;
            }
            if let Some((ask, paths)) = self.ask_at(&base) {
                let (captions, questions) =
                    self.try_plan(&Plan { asks: vec![ask.clone()], ..Plan::default() });
                let as_caption = captions > 0 && captions >= questions;
                for (role, path, why) in paths {
                    let role = match role {
                        Role::Answer if as_caption => Role::Caption,
                        role => role,
                    };
                    let why = if role == Role::Caption {
                        "the instruction asks for a description or is one of a few, so the answer is a caption".to_owned()
                    } else {
                        why
                    };
                    self.claim(role, &path, why);
                }
                if !base.0.is_empty() {
                    self.enclosed.push(base.clone());
                }
                self.choice.plan.asks.push(ask);
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "the parts of one answer, taken apart at once by the caller")]
    fn ask_at(&self, base: &FieldPath) -> Option<(Ask, Vec<(Role, FieldPath, String)>)> {
        let members: Vec<(String, FieldPath)> =
            self.members(base).into_iter().filter(|(_, path)| !self.is_claimed(path)).collect();
        let leaf = |path: &FieldPath| -> Option<&'a Field> {
            let own = self.survey.field(path)?;
            if own.texts + own.ints + own.floats + own.bools > 0 {
                return Some(own);
            }
            self.survey
                .field(&path.then(Step::Each))
                .filter(|inner| inner.texts + inner.ints + inner.maps > 0)
        };
        let told_answer = |name: &str, path: &FieldPath| {
            let hint = hint(name);
            leaf(path).is_some_and(|field| {
                hint.answer > 0.0
                    && hint.id == 0.0
                    && hint.kind == 0.0
                    && hint.image == 0.0
                    && hint.aside == 0.0
                    && (name.len() > 1 || members.iter().any(|(other, _)| other.eq_ignore_ascii_case("q")))
                    && field.of_texts(field.image_names + field.urls + field.hashes) < 0.3
                    && field.blobs == 0
            })
        };
        let has_answer = members.iter().any(|(name, path)| told_answer(name, path));
        let question = members
            .iter()
            .filter_map(|(name, path)| {
                let field = self.survey.field(path).filter(|field| field.texts > 0)?;
                let own = hint(name);
                let asks = field.of_texts(field.questions);
                let instructs = (own.question > 0.0 || name.eq_ignore_ascii_case("prompt")) && has_answer;
                // `human` and `input` may say who wrote a caption: their texts must ask or order.
                let instructs = instructs && (asks_by_name(name) || orders(field));
                // The same for all, or nearly: a placeholder, unless somebody answers it.
                let varied = has_answer || field.values < 6 || field.distinct.len() > 2;
                let possible = (asks >= 0.4 && varied)
                    || (instructs && field.mean_words() >= 1.5 && field.prose_share() > 0.2);
                let score = asks * 4.0 + own.question - own.aside - own.answer * 0.5;
                (possible && own.id == 0.0 && own.kind == 0.0).then_some((score, name, path, asks))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
        let mut ask = Ask { base: base.clone(), ..Ask::default() };
        let mut paths = Vec::new();
        if let Some((_, name, path, asks)) = question {
            ask.question = Some(name.clone());
            let mut why = Vec::new();
            if asks > 0.0 {
                why.push(format!("{} of its texts ask something", percent(asks)));
            }
            if hint(name).question > 0.0 {
                why.push("its name says so".to_owned());
            }
            paths.push((Role::Question, path.clone(), why.join("; ")));
        }
        let mut answers: Vec<(f32, &String, &FieldPath)> = members
            .iter()
            .filter(|(name, path)| Some(name) != ask.question.as_ref() && told_answer(name, path))
            .map(|(name, path)| {
                let words = tokens(name);
                // One best answer goes before the list of all, a short one before its sentence.
                let best =
                    words.iter().any(|word| matches!(word.as_str(), "multiple" | "correct" | "gt" | "best"));
                let full = words.iter().any(|word| matches!(word.as_str(), "full" | "long" | "detailed"));
                let list = self.survey.field(path).is_some_and(|field| field.lists > 0);
                (
                    f32::from(u8::from(best)) * 2.0
                        - f32::from(u8::from(full))
                        - f32::from(u8::from(list)) * 0.5,
                    name,
                    path,
                )
            })
            .collect();
        answers.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        self.choices_at(&members, &leaf, &mut ask, &mut paths);
        let question_id = members.iter().find(|(name, path)| {
            let words = tokens(name);
            let about = words.iter().any(|word| matches!(word.as_str(), "question" | "qa" | "q" | "qid"));
            about
                && (words.contains(&"id".to_owned()) || words.contains(&"qid".to_owned()))
                && self.survey.field(path).is_some_and(|field| field.id_share() > 0.9)
        });
        if (ask.question.is_some() || question_id.is_some())
            && answers.is_empty()
            && let Some((name, path, why)) = self.untold_answer(&members, &ask)
        {
            ask.answers.push(name);
            paths.push((Role::Answer, path, why));
        }
        for (_, name, path) in answers {
            if ask.choices.contains(name) {
                continue;
            }
            ask.answers.push(name.clone());
            paths.push((
                Role::Answer,
                path.clone(),
                "its name says so, and it stands beside a question".to_owned(),
            ));
        }
        ask.id = question_id.map(|(name, _)| name.clone());
        if ask.question.is_none() && (ask.answers.is_empty() || ask.id.is_none()) {
            return None;
        }
        ask.kind = members
            .iter()
            .filter(|(name, _)| {
                hint(name).kind > 0.0 && hint(name).image == 0.0 && Some(name) != ask.question.as_ref()
            })
            .filter(|(_, path)| {
                self.survey.field(path).is_some_and(|field| field.texts > 0 && field.mean_words() < 5.0)
            })
            .max_by_key(|(name, _)| {
                let words = tokens(name);
                (
                    words.iter().any(|word| word == "question" || word == "element" || word == "detailed"),
                    std::cmp::Reverse(name.clone()),
                )
            })
            .map(|(name, _)| name.clone());
        if let (Some(question), Some(answer)) = (&ask.question, ask.answers.first()) {
            ask.templates = self.ask_templates(base, question, answer);
        }
        Some((ask, paths))
    }

    fn choices_at(
        &self,
        members: &[(String, FieldPath)],
        leaf: &dyn Fn(&FieldPath) -> Option<&'a Field>,
        ask: &mut Ask,
        paths: &mut Vec<(Role, FieldPath, String)>,
    ) {
        let hinted = members.iter().find(|(name, path)| {
            hint(name).choices > 0.0
                && self.survey.field(path).is_some_and(|field| field.lists > 0)
                && leaf(path).is_some_and(|field| field.texts + field.ints + field.maps > 0)
        });
        if let Some((name, path)) = hinted {
            ask.choices.push(name.clone());
            paths.push((Role::Choices, path.clone(), "a list beside a question, named so".to_owned()));
            return;
        }
        // Columns A, B, C, D.
        let letters: Vec<&(String, FieldPath)> = members
            .iter()
            .filter(|(name, _)| {
                let words = tokens(name);
                let last = words.last().map_or("", String::as_str);
                let single = last.len() == 1 && ("abcdef".contains(last) || "0123456".contains(last));
                single && (words.len() == 1 || hint(name).choices > 0.0)
            })
            .filter(|(name, _)| Some(name) != ask.question.as_ref())
            .collect();
        if letters.len() >= 3 && ask.question.is_some() {
            for (name, path) in letters {
                ask.choices.push(name.clone());
                paths.push((Role::Choices, path.clone(), "lettered columns beside a question".to_owned()));
            }
        }
    }

    /// An answer that only its content tells.
    fn untold_answer(
        &self,
        members: &[(String, FieldPath)],
        ask: &Ask,
    ) -> Option<(String, FieldPath, String)> {
        let known = ask.question.as_deref().unwrap_or("");
        let alone = ask.question.is_none();
        members
            .iter()
            .filter(|(name, _)| name != known && !ask.choices.contains(name))
            .filter(|(_, path)| {
                !self.shapes.iter().any(|shape| !shape.path.0.is_empty() && path.leads_to(&shape.path))
            })
            .filter_map(|(name, path)| {
                let field = self.survey.field(path).filter(|field| field.texts > 0)?;
                let own = hint(name);
                let other = own.kind
                    + own.id
                    + own.aside
                    + own.split
                    + own.source
                    + own.image
                    + own.url
                    // Beside no question, short texts are answers whatever they are called.
                    + if alone && field.mean_words() <= 4.0 { 0.0 } else { own.caption }
                    + own.tags
                    + own.choices
                    + own.question
                    + own.pair;
                let odd = field.of_texts(
                    field.urls
                        + field.image_names
                        + field.hashes
                        + field.questions
                        + field.tags
                        + field.rights,
                );
                let same_for_all = field.distinct.len() < 2 && field.values > 3;
                // A turn holds little else than what was asked and what was said.
                let short = field.mean_words() <= 8.0 || (!ask.base.0.is_empty() && ask.question.is_some());
                let coded =
                    field.few.keys().filter(|value| value.contains(['_', '/'])).count() * 2 > field.few.len();
                (other == 0.0 && odd < 0.2 && !same_for_all && short && !coded)
                    .then_some((field.rows, name, path))
            })
            .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, name, path)| (name.clone(), path.clone(), "short texts beside a question".to_owned()))
    }

    fn ask_templates(&self, base: &FieldPath, question: &str, answer: &str) -> Vec<u64> {
        let mut pairs = Vec::new();
        for record in &self.survey.records {
            base.walk(record, &mut |cell| {
                let text = |name: &str| member(cell, name).and_then(scalar);
                if let (Some(question), Some(answer)) = (text(question), text(answer)) {
                    pairs.push((without_marks(&question), answer));
                }
            });
        }
        frequent(&pairs)
    }

    /// Annotations: things, relations, tags.
    fn descriptors(&mut self) {
        if self.said_by_user(&[Role::Descriptors]) {
            return;
        }
        for field in self.shapes.clone() {
            let row = field.path.0.is_empty();
            if !row && self.is_claimed(&field.path) {
                continue;
            }
            if self.settings.role_of(field.path.top()).is_some() {
                continue;
            }
            let words = field.shape.words();
            self.report(Role::Descriptors, &field.path, words);
            if let Shape::Things(things) = &field.shape {
                if let Some(text) = &things.text {
                    self.report(Role::Region, &field.path.key(text), "texts about regions");
                }
                if row {
                    let own: Vec<&String> = things.name.iter().chain(things.attributes.iter()).collect();
                    let boxed = things.bounds.as_ref().map(form_keys).unwrap_or_default();
                    for name in own.into_iter().chain(&boxed) {
                        self.claimed.push(FieldPath::of(name));
                    }
                    self.claimed.extend(things.category.as_ref().map(|name| FieldPath::of(name)));
                }
            }
            if !row {
                self.claimed.push(field.path.clone());
            }
            self.choice.plan.descriptors.push(field);
        }
        self.tags();
    }

    /// Lists of short words that are called tags, keywords, objects.
    fn tags(&mut self) {
        let mut found = Vec::new();
        for (path, field) in &self.survey.fields {
            if self.is_claimed(path) || field.texts == 0 || path.fans() > 1 {
                continue;
            }
            let own = hint(path.last());
            let listed = matches!(path.0.last(), Some(Step::Each));
            let short = field.mean_words() <= 2.5 && field.prose_share() < 0.3 && field.id_share() <= 1.0;
            let worded = field.of_texts(field.urls + field.hashes + field.image_names + field.numbers) < 0.2;
            let in_commas = field.of_texts(field.tags) > 0.6;
            let named = own.tags > 0.0 || (listed && own.label + own.kind > 0.0);
            if worded && named && own.aside < 3.0 && own.caption == 0.0 && ((listed && short) || in_commas) {
                found.push(path.clone());
            }
        }
        for path in found {
            if self.settings.role_of(path.top()).is_none() {
                self.claim(Role::Descriptors, &path, "short words, called tags");
                self.choice
                    .plan
                    .descriptors
                    .push(DescriptorField { path: path.clone(), shape: Shape::Tags(path) });
            }
        }
    }

    /// A candidate with nothing said yet; none where the field has a role already.
    fn candidate(&self, path: &'a FieldPath, field: &'a Field) -> Option<Candidate<'a>> {
        let free = !self.is_claimed(path)
            && self.settings.role_of(path.top()).is_none()
            && self.settings.role_of(&path.to_string()).is_none()
            && field.values > 0;
        free.then(|| Candidate { path, field, hint: hint_of(path), score: 0.0, why: Vec::new() })
    }

    fn weigh_image(&self, path: &'a FieldPath, field: &'a Field) -> Option<Candidate<'a>> {
        let mut candidate = self.candidate(path, field)?;
        if path.0.len() == 1 && self.known.keys.iter().any(|key| key == path.top()) {
            return None;
        }
        let own = candidate.hint;
        let numbers = (field.ints + field.numbers) * 2 > field.values;
        if self.known.named_elsewhere && numbers && own.image == 0.0 {
            return None;
        }
        let blob = field.of_values(field.blobs);
        let foreign: usize = field
            .blob_endings
            .iter()
            .filter(|(ending, _)| {
                matches!(
                    ending.as_str(),
                    "mp3"
                        | "wav"
                        | "flac"
                        | "ogg"
                        | "mp4"
                        | "avi"
                        | "npy"
                        | "npz"
                        | "pt"
                        | "pth"
                        | "pkl"
                        | "cls"
                        | "txt"
                        | "json"
                        | "bin"
                )
            })
            .map(|(_, count)| count)
            .sum();
        candidate.add(blob * 8.0, "binary values");
        candidate.add(-field.of_values(foreign) * 12.0, "");
        let share = |count: usize| field.of_values(count);
        candidate.add(share(field.image_data) * 8.0, "pictures in base64");
        candidate.add(
            share(field.image_names) * 6.0,
            format!("{} end as picture files do", percent(share(field.image_names))),
        );
        candidate.add(share(field.urls) * 2.5, format!("{} are web addresses", percent(share(field.urls))));
        let found = self.found.get(path).copied().unwrap_or(0.0);
        // A number may name a file by chance.
        let chance = field.ints > 0 && own.image == 0.0 && own.id == 0.0;
        if !chance {
            candidate.add(found * 7.0, format!("{} lead to files beside the data", percent(found)));
        }
        let leads = blob + share(field.image_data + field.image_names) + share(field.urls) + found > 0.3;
        let names = field.id_share() > 0.8
            && field.floats == 0
            && field.bools == 0
            && !field.dates.gt(&(field.values / 2));
        if leads || names {
            candidate.add(own.image.min(4.0), "its name says so");
        }
        if leads && share(field.urls) > 0.3 {
            candidate.add(own.url.min(2.0) * 0.75, "its name says address");
        }
        candidate.add(-own.mask * 4.0, "");
        let last = tokens(path.last());
        // `image_width`, `image_license`: about the picture, not the picture.
        candidate.add(-own.aside.min(3.0) * if leads { 1.0 } else { 2.0 }, "");
        if !leads {
            // Only an id: too little where the name does not speak of pictures.
            candidate.add(
                -(own.source
                    + own.split
                    + own.kind
                    + own.label
                    + own.pair
                    + own.caption
                    + own.question
                    + own.answer),
                "",
            );
            if field.distinct.len() * 20 < field.values {
                candidate.add(-4.0, "");
            }
            if last.iter().any(|word| matches!(word.as_str(), "coco" | "flickr" | "count")) {
                candidate.add(-2.0, "");
            }
        }
        if last.iter().any(|word| word.starts_with("thumb") || word == "icon" || word == "logo") {
            candidate.add(-3.0, "");
        }
        if last
            .iter()
            .any(|word| matches!(word.as_str(), "flickr" | "profile" | "html" | "page" | "video" | "audio"))
        {
            candidate.add(-1.5, "");
        }
        candidate.add(-field.prose_share() * 12.0, "");
        candidate.add(-(path.fans() as f32) * 0.5, "");
        if path.fans() > 1 && blob < 0.5 {
            candidate.add(-4.0, "");
        }
        (candidate.score >= 3.0).then_some(candidate)
    }

    fn images(&mut self) {
        if self.said_by_user(&[Role::Image]) {
            return;
        }
        let mut candidates: Vec<Candidate<'a>> = self
            .survey
            .fields
            .iter()
            .filter(|(path, field)| {
                !path.0.is_empty() && (field.blobs + field.texts + field.ints > 0) && self.is_image_leaf(path)
            })
            .filter_map(|(path, field)| self.weigh_image(path, field))
            .collect();
        // Bytes at hand go before names, names before addresses, those before mere ids.
        let rank = |candidate: &Candidate<'_>| {
            let found = self.found.get(candidate.path).copied().unwrap_or(0.0);
            if candidate.score < 4.0 { 0 } else { kind_of(candidate.field, found).rank() }
        };
        candidates.sort_by(|a, b| {
            rank(b).cmp(&rank(a)).then(b.score.total_cmp(&a.score)).then_with(|| a.path.cmp(b.path))
        });
        let Some(best) = candidates.first() else {
            self.note_masks();
            return;
        };
        let kind = kind_of(best.field, self.found.get(best.path).copied().unwrap_or(0.0));
        let best_score = best.score;
        let mut chosen: Vec<usize> = vec![0];
        for (place, other) in candidates.iter().enumerate().skip(1) {
            let same_kind = kind_of(other.field, self.found.get(other.path).copied().unwrap_or(0.0)) == kind;
            if same_kind
                && other.score >= best_score - 4.5
                && other.score >= 4.0
                && self.is_other_picture(&candidates, &chosen, other)
            {
                chosen.push(place);
            }
        }
        let paths: Vec<FieldPath> = chosen
            .iter()
            .filter_map(|place| candidates.get(*place))
            .map(|candidate| candidate.path.clone())
            .collect();
        let roles = roles_of(&paths);
        let several = paths.len() > 1;
        let mut order: Vec<usize> = (0..paths.len()).collect();
        // Left before right, 0 before 1: by the place in the record where names do not tell.
        order.sort_by_key(|place| {
            paths.get(*place).map(|path| (rank_of_role(roles.get(*place)), path.clone()))
        });
        let fallbacks: Vec<&Candidate<'a>> = candidates
            .iter()
            .enumerate()
            .filter(|(place, candidate)| {
                !chosen.contains(place)
                    && candidate.field.urls * 2 > candidate.field.values
                    && matches!(kind, Kind::Name | Kind::Id)
            })
            .map(|(_, candidate)| candidate)
            .collect();
        let mut used: Vec<FieldPath> = Vec::new();
        let mut reports = Vec::new();
        for place in order {
            let (Some(path), Some(candidate)) =
                (paths.get(place), chosen.get(place).and_then(|place| candidates.get(*place)))
            else {
                continue;
            };
            let role = roles.get(place).cloned().filter(|_| several);
            let fallback = fallbacks
                .iter()
                .filter(|other| {
                    !several
                        || role.as_ref().is_some_and(|role| {
                            tokens(other.path.last()).iter().any(|word| tokens(role).contains(word))
                        })
                })
                .max_by(|a, b| {
                    let same = |other: &Candidate<'_>| self.same_file(path, other.path);
                    same(a).total_cmp(&same(b)).then(a.score.total_cmp(&b.score))
                })
                .map(|other| other.path.clone());
            if let Some(fallback) = &fallback {
                used.push(fallback.clone());
            }
            reports.push((path.clone(), candidate.why.join("; ")));
            self.choice.plan.images.push(ImageField { path: path.clone(), role, fallback });
        }
        let others: Vec<String> = candidates
            .iter()
            .filter(|candidate| !paths.contains(candidate.path) && !used.contains(candidate.path))
            .map(|candidate| candidate.path.to_string())
            .collect();
        for (path, why) in reports {
            self.claim(Role::Image, &path, why);
        }
        for path in used {
            self.report(
                Role::Image,
                &path,
                "an address to fall back to where the picture is not beside the data",
            );
        }
        if !others.is_empty() {
            self.choice.notes.push(format!("not taken as picture: {}", others.join(", ")));
        }
        self.note_masks();
    }

    fn note_masks(&mut self) {
        let masks: Vec<FieldPath> = self
            .survey
            .fields
            .iter()
            .filter(|(path, field)| {
                !self.is_claimed(path)
                    && hint_of(path).mask > 0.0
                    && (field.blobs > 0 || field.of_texts(field.image_names + field.image_data) > 0.5)
            })
            .map(|(path, _)| path.clone())
            .collect();
        for path in masks {
            self.claim(Role::Ignore, &path, "a mask, no picture to look at");
        }
    }

    /// Whether a path is a value, not what is inside a picture's own record.
    fn is_image_leaf(&self, path: &FieldPath) -> bool {
        // `image.path` beside `image.bytes` is the same picture's name.
        let parent = path.parent();
        if parent.0.is_empty() {
            return true;
        }
        let blob_beside = self
            .survey
            .fields
            .iter()
            .any(|(other, field)| other != path && other.parent() == parent && field.blobs > 0);
        !blob_beside
    }

    /// Whether a candidate shows another picture than the chosen ones, not the same one again.
    fn is_other_picture(
        &self,
        candidates: &[Candidate<'a>],
        chosen: &[usize],
        other: &Candidate<'a>,
    ) -> bool {
        chosen.iter().filter_map(|place| candidates.get(*place)).all(|known| {
            let paired = pair_names(known.path.last(), other.path.last());
            let same = self.same_file(known.path, other.path);
            let urls = known.field.urls * 2 > known.field.values;
            // Numbers beside the names of files are ids, whatever files happen to bear them.
            let counts = known.field.image_names * 2 > known.field.values
                && (other.field.ints + other.field.numbers) * 2 > other.field.values;
            let only_ids =
                known.field.blobs == 0 && known.field.image_names + known.field.image_data == 0 && !urls;
            same < 0.5
                && (!counts || paired)
                && (paired || (!urls && !only_ids))
                && known.path.fans() == other.path.fans()
        })
    }

    /// Share of records in which two fields name the same file.
    fn same_file(&self, one: &FieldPath, other: &FieldPath) -> f32 {
        let (mut same, mut both) = (0_usize, 0_usize);
        for record in self.survey.records.iter().take(64) {
            let text = |path: &FieldPath| match path.first(record)? {
                Cell::Blob(blob) => blob.name.clone(),
                other => scalar(other),
            };
            let (Some(one), Some(other)) = (text(one), text(other)) else { continue };
            both += 1;
            // Two paths in different folders are two files; an address has folders of its own.
            let paths = [&one, &other].iter().all(|name| name.contains('/') && !name.contains("://"));
            same += usize::from(file_stem(&one, paths) == file_stem(&other, paths));
        }
        if both == 0 { 0.0 } else { same as f32 / both as f32 }
    }

    fn weigh_caption(&self, path: &'a FieldPath, field: &'a Field) -> Option<Candidate<'a>> {
        if field.texts == 0 || field.texts * 2 < field.values {
            return None;
        }
        // Marks without letters, and what is the same in all rows, say nothing about a picture.
        let told = hint(path.last()).caption >= 3.0;
        let constant = field.values >= 15 && field.distinct.len() <= if told { 1 } else { 2 };
        if field.lettered * 2 < field.texts || constant {
            return None;
        }
        let mut candidate = self.candidate(path, field)?;
        let mut own = candidate.hint;
        if is_one_of_several(path.last())
            && field.prose_share() > 0.7
            && field.mean_words() >= 4.0
            && field.distinct_share() > 0.8
        {
            // `annotator_b` holds what that one wrote.
            (own.aside, own.question, own.answer) = (0.0, 0.0, 0.0);
            candidate.hint = own;
        }
        let numbered =
            path.0.iter().skip(1).any(
                |step| matches!(step, Step::Key(name) if name.bytes().all(|byte| byte.is_ascii_digit())),
            );
        if numbered {
            return None;
        }
        let prose = field.prose_share();
        let words = field.mean_words();
        candidate.add(prose * 6.0 - 2.0, format!("{} of it reads as natural language", percent(prose)));
        let length = match words {
            w if w < 2.0 => -2.0,
            w if w < 4.0 => 0.0,
            w if w < 15.0 => 1.0,
            w if w < 40.0 => 1.5,
            _ => 2.0,
        };
        candidate.add(length, format!("{words:.0} words on average"));
        let distinct = field.distinct_share();
        let variety = match (field.values, distinct) {
            (values, share) if values >= 15 && share < 0.1 => -6.0,
            (values, share) if values >= 15 && share < 0.3 => -2.5,
            (values, share) if values >= 5 && share > 0.9 => 1.0,
            (values, _) if values >= 6 && field.distinct.len() == 1 => -4.0,
            _ => 0.0,
        };
        // Rows of one picture repeat its text (DSG), so a name may outweigh repeats.
        let variety = if own.caption >= 3.0 && variety < -2.5 { -2.5 } else { variety };
        candidate.add(variety, "values differ");
        let named = own.caption.min(4.0);
        candidate.add(named, "its name says text");
        candidate.add((own.negative.min(1.0) + own.original.min(1.0)) * 0.5, "its name");
        candidate.add(-own.aside.min(3.0) * 1.5, "");
        candidate.add(-(own.question + own.answer).min(2.0) * if named > 0.0 { 0.5 } else { 0.75 }, "");
        candidate
            .add(-(own.id + own.url + own.image * 0.3).min(3.0) * if prose > 0.5 { 0.4 } else { 1.0 }, "");
        candidate.add(-(own.split + own.source + own.kind).min(3.0), "");
        let share = |count: usize| field.of_texts(count);
        candidate.add(-share(field.questions) * 4.0, "");
        candidate.add(-share(field.rights) * 6.0, "");
        candidate.add(-share(field.code) * 5.0, "");
        candidate.add(
            -share(field.urls + field.image_names + field.base64 + field.hashes + field.dates) * 8.0,
            "",
        );
        if share(field.titles) > 0.6 {
            candidate.add(-2.0, "");
        }
        // Sidecars hold tags as well as sentences.
        if share(field.tags) > 0.6 && own.caption > 0.0 {
            candidate.add(1.5, "comma-separated tags");
        }
        let fill = field.rows as f32 / self.survey.rows.max(1) as f32;
        if fill < 0.1 {
            candidate.add(-1.5, "");
        }
        let levels = path.0.iter().filter(|step| matches!(step, Step::EachValue)).count();
        candidate.add(-(levels as f32) * 1.0, "");
        if path.is_nested() {
            candidate.add(-1.0, "");
        }
        Some(candidate)
    }

    fn captions(&mut self) {
        if self.said_by_user(&[Role::Caption]) {
            return;
        }
        let mut candidates: Vec<Candidate<'a>> =
            self.survey.fields.iter().filter_map(|(path, field)| self.weigh_caption(path, field)).collect();
        candidates.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| a.path.fans().cmp(&b.path.fans()))
                .then_with(|| a.path.cmp(b.path))
        });
        let has_caption = self.choice.reports.iter().any(|report| report.role == Role::Caption);
        let best = candidates.first().map_or(0.0, |candidate| candidate.score);
        let mut taken: Vec<Candidate<'a>> = Vec::new();
        let mut passed: Vec<String> = Vec::new();
        let mut rough: Vec<Candidate<'a>> = Vec::new();
        for candidate in candidates {
            let named = candidate.hint.caption > 0.0
                || candidate.hint.negative > 0.0
                || candidate.hint.original > 0.0;
            let first = taken.is_empty() && !has_caption;
            // A rationale is about the question, a headline about the text, where there are such.
            let about_question = candidate.hint.aside >= 3.0 && !self.choice.plan.asks.is_empty();
            let heading = !first && is_heading(candidate.path.last());
            let floor = match (first, named) {
                _ if about_question || heading => 20.0,
                (true, _) => 1.0,
                (false, true) => 2.0_f32.max(best - 7.5),
                (false, false) => 3.0_f32.max(best - 4.5),
            };
            if candidate.score < floor {
                if candidate.score > -1.0
                    && candidate.field.mean_words() >= 3.0
                    && candidate.field.distinct_share() > 0.8
                {
                    rough.push(candidate);
                } else if candidate.score > 0.0 {
                    passed.push(candidate.path.to_string());
                }
                continue;
            }
            if let Some(whole) = taken.iter().find(|known| self.is_part(candidate.path, known.path)) {
                let told = format!("the same words as {}", whole.path);
                let path = candidate.path.clone();
                self.claim(Role::Ignore, &path, told);
                continue;
            }
            taken.push(candidate);
        }
        // A list that holds a single text and more goes before it.
        let repeated: Vec<usize> = (0..taken.len())
            .filter(|place| {
                taken.iter().enumerate().any(|(other, known)| {
                    other != *place && taken.get(*place).is_some_and(|own| self.is_part(own.path, known.path))
                })
            })
            .collect();
        for place in repeated.into_iter().rev() {
            let gone = taken.remove(place);
            let path = gone.path.clone();
            self.claim(Role::Ignore, &path, "its texts stand in another field too");
        }
        // What the web said of a picture is poor text, and still a text beside a rich one.
        let single = self.choice.plan.images.len() < 2;
        for candidate in rough {
            let plain =
                candidate.hint.aside + candidate.hint.question + candidate.hint.kind + candidate.hint.id
                    == 0.0
                    && !candidate.path.is_nested()
                    && candidate.path.fans() == 0;
            if single && plain && taken.iter().any(|rich| is_original(&candidate, rich)) {
                taken.push(candidate);
            } else if candidate.score > 0.0 {
                passed.push(candidate.path.to_string());
            }
        }
        if !passed.is_empty() {
            passed.truncate(6);
            self.choice.notes.push(format!("not taken as text: {}", passed.join(", ")));
        }
        self.assign(&taken);
    }

    /// Whether the texts of one field stand in the other in the same record.
    fn is_part(&self, part: &FieldPath, whole: &FieldPath) -> bool {
        let (mut inside, mut all) = (0_usize, 0_usize);
        for record in self.survey.records.iter().take(48) {
            let texts = |path: &FieldPath| -> Vec<&str> {
                path.all(record)
                    .into_iter()
                    .filter_map(|cell| match cell {
                        Cell::Text(text) if !text.trim().is_empty() => Some(text.trim()),
                        _ => None,
                    })
                    .take(24)
                    .collect()
            };
            let (parts, wholes) = (texts(part), texts(whole));
            if parts.is_empty() || wholes.is_empty() {
                continue;
            }
            all += 1;
            let nested = part.is_nested();
            let here = parts.iter().all(|text| {
                wholes
                    .iter()
                    .any(|whole| whole == text || (nested && whole.contains(text.trim_end_matches('.'))))
            });
            inside += usize::from(here && parts.len() >= if nested { 1 } else { wholes.len().min(1) });
        }
        // Fields that repeat each other only now and then are two fields.
        let covers = self
            .survey
            .field(part)
            .is_some_and(|field| field.rows * 10 <= all.max(1) * 10 * self.survey.rows);
        all > 0 && inside * 10 >= all * 9 && covers
    }

    /// Which text is the main one, which came with the picture, which is wrong on purpose.
    fn assign(&mut self, taken: &[Candidate<'a>]) {
        let pictures = self.choice.plan.images.len();
        let mut roles: Vec<CaptionRole> = taken
            .iter()
            .map(
                |candidate| {
                    if candidate.hint.negative >= 3.0 { CaptionRole::Negative } else { CaptionRole::Main }
                },
            )
            .collect();
        let mains = roles.iter().filter(|role| **role == CaptionRole::Main).count();
        if mains == 0
            && let Some(first) = roles.first_mut()
        {
            *first = CaptionRole::Main;
        }
        let words: Vec<f32> = taken.iter().map(|candidate| candidate.field.mean_words()).collect();
        if pictures < 2 && mains >= 2 {
            for (place, candidate) in taken.iter().enumerate() {
                let denser = taken.iter().enumerate().any(|(other, known)| {
                    other != place
                        && roles.get(other) == Some(&CaptionRole::Main)
                        && is_original(candidate, known)
                });
                if denser
                    && roles.get(place) == Some(&CaptionRole::Main)
                    && let Some(role) = roles.get_mut(place)
                {
                    *role = CaptionRole::Original;
                }
            }
        }
        let mut order: Vec<usize> = (0..taken.len()).collect();
        order.sort_by(|a, b| {
            let key = |place: usize| roles.get(place).map(|role| *role as u8);
            let score = |place: usize| taken.get(place).map_or(0.0, |candidate| candidate.score);
            key(*a).cmp(&key(*b)).then(score(*b).total_cmp(&score(*a)))
        });
        for place in order {
            let (Some(candidate), Some(role)) = (taken.get(place), roles.get(place)) else { continue };
            let mut why = candidate.why.join("; ");
            if *role == CaptionRole::Original {
                let most = words.iter().copied().fold(0.0, f32::max);
                why = format!(
                    "shorter or rawer than the text beside it ({:.0} words against {most:.0}); {why}",
                    candidate.field.mean_words()
                );
            }
            let told = match role {
                CaptionRole::Main => Role::Caption,
                CaptionRole::Original => Role::Original,
                CaptionRole::Region => Role::Region,
                CaptionRole::Negative => Role::Negative,
            };
            self.choice.plan.captions.push((candidate.path.clone(), *role));
            let path = candidate.path.clone();
            // Sidecars hold tags in one file and a sentence in the next; a column is one or the other.
            let sidecars =
                ["@key", "folder"].iter().all(|name| self.survey.fields.contains_key(&FieldPath::of(name)));
            let most = if sidecars { 0.1 } else { 0.5 };
            let tagged = candidate.field.of_texts(candidate.field.tags) > most;
            self.claim(told, &path, why);
            if tagged {
                self.report(Role::Descriptors, &path, "the texts that are comma-separated tags");
                self.choice
                    .plan
                    .descriptors
                    .push(DescriptorField { path: path.clone(), shape: Shape::Tags(path) });
            }
        }
    }

    fn ids(&mut self) {
        if self.said_by_user(&[Role::Id]) {
            return;
        }
        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        for (path, field) in &self.survey.fields {
            if path.0.len() != 1 || field.id_share() < 0.9 || field.floats > 0 || field.bools > 0 {
                continue;
            }
            let Some(mut candidate) = self.candidate(path, field) else { continue };
            let own = candidate.hint;
            if field.rows < self.survey.rows || (field.distinct_share() < 0.98 && field.firsts.len() > 1) {
                continue;
            }
            let words = tokens(path.last());
            candidate.add(own.id.min(3.0) * 1.5, "its name says id");
            if words.len() == 1
                && matches!(path.last().to_lowercase().as_str(), "id" | "uid" | "uuid" | "key" | "@key")
            {
                candidate.add(2.0, "its name is just that");
            }
            if path.last() == "@key" {
                candidate.why = vec!["the key under which the record stands".to_owned()];
            }
            candidate.add(field.of_texts(field.hashes) * 1.0, "it looks like a UUID or a hash");
            if words.iter().any(|word| matches!(word.as_str(), "sha" | "md" | "phash" | "hash" | "checksum"))
            {
                candidate.add(-4.0, "");
            }
            if words.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "coco"
                        | "flickr"
                        | "annotator"
                        | "worker"
                        | "author"
                        | "user"
                        | "license"
                        | "category"
                        | "level"
                )
            }) {
                candidate.add(-3.0, "");
            }
            candidate.add(-own.aside.min(3.0) - own.split - own.kind - own.url, "");
            candidate.add(own.image.min(3.0) * 0.4, "it names the picture");
            if field.of_values(field.ints) > 0.9 && own.id == 0.0 {
                let counts = field.range.is_some_and(|(low, high)| {
                    field.distinct.len() > 3 && (high - low) as usize + 1 == field.distinct.len()
                });
                candidate.add(if counts { 1.2 } else { -1.5 }, "it counts the records");
            }
            candidate.add(if field.values > 3 { 0.5 } else { 0.0 }, "values all differ");
            if candidate.score >= 1.5 {
                candidates.push(candidate);
            }
        }
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.path.cmp(b.path)));
        if let Some(best) = candidates.first() {
            let (path, mut why) = (best.path.clone(), best.why.clone());
            why.push("no value comes twice".to_owned());
            self.choice.plan.id = Some(path.clone());
            self.claim(Role::Id, &path, why.join("; "));
        }
    }

    /// Split, source, label, pair, size.
    fn small_roles(&mut self) {
        const SPLITS: &[&str] = &[
            "train",
            "val",
            "valid",
            "validation",
            "test",
            "dev",
            "restval",
            "testdev",
            "minival",
            "eval",
            "training",
            "holdout",
        ];
        /// What a data set calls the rule by which a pair was made.
        const CHANGES: &[&str] = &["change", "label", "type", "kind", "rule", "edit", "category"];
        let mut splits = Vec::new();
        let mut sources = Vec::new();
        let mut labels = Vec::new();
        let mut pairs = Vec::new();
        for (path, field) in &self.survey.fields {
            if self.candidate(path, field).is_none() {
                continue;
            }
            let own = hint(path.last());
            // What both members have in common, and what changes, in a record of their own: `pair.id`, `pair.change`.
            if let [Step::Key(top), Step::Key(name)] = path.0.as_slice()
                && hint(top).pair > 0.0
            {
                if own.id > 0.0 && field.id_share() > 0.9 {
                    pairs.push((3.0, path, "it is the id of a pair"));
                } else if CHANGES.contains(&name.to_lowercase().as_str()) && field.texts == field.values {
                    labels.push((3.0, path, "it says what changes in a pair"));
                }
            }
            if path.0.len() != 1 {
                continue;
            }
            let few = field.distinct.len() <= 12.max(field.values / 10)
                && (field.values < 4 || field.distinct.len() < field.values);
            let names_splits = !field.few.is_empty()
                && few
                && field.texts == field.values
                && field.few.keys().all(|value| {
                    tokens(value).iter().any(|word| SPLITS.contains(&word.as_str())) && value.len() <= 24
                });
            if names_splits || (own.split > 0.0 && few && field.texts > 0 && field.id_share() > 0.5) {
                let weight = if names_splits { 3.0 } else { 0.0 } + own.split;
                splits.push((
                    weight,
                    path,
                    if names_splits { "its values are names of splits" } else { "its name says so" },
                ));
                continue;
            }
            let wordy = field.texts * 10 >= field.values * 8
                && field.mean_words() <= 3.0
                && field.urls == 0
                && field.image_names == 0;
            if own.source > 0.0 && few && wordy && own.id == 0.0 {
                sources.push((own.source, path, "its name says so, and few values come again and again"));
            }
            let truth = field.bools == field.values
                || (field.range == Some((0.0, 1.0)) && field.floats == 0 && field.number_share() > 0.9)
                || (!field.few.is_empty()
                    && field.few.len() <= 3
                    && field.texts == field.values
                    && field.few.keys().all(|value| {
                        matches!(
                            value.to_lowercase().as_str(),
                            "true" | "false" | "yes" | "no" | "entailment" | "contradiction" | "neutral"
                        )
                    }));
            if own.label > 0.0 && own.aside == 0.0 && truth {
                labels.push((own.label, path, "true or false, and named so"));
            }
            if own.pair > 0.0 && own.caption == 0.0 && field.id_share() > 0.9 && own.split == 0.0 {
                pairs.push((own.pair, path, "its name says so"));
            }
        }
        let best = |list: Vec<(f32, &FieldPath, &'static str)>| {
            list.into_iter()
                .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
                .map(|(_, path, why)| (path.clone(), why))
        };
        let plan = &self.choice.plan;
        let found = [
            (Role::Split, plan.split.is_none().then(|| best(splits)).flatten()),
            (Role::Source, plan.source.is_none().then(|| best(sources)).flatten()),
            (Role::Label, plan.label.is_none().then(|| best(labels)).flatten()),
            (Role::Pair, plan.pair.is_none().then(|| best(pairs)).flatten()),
        ];
        for (role, found) in found {
            let Some((path, why)) = found else { continue };
            match role {
                Role::Split => self.choice.plan.split = Some(path.clone()),
                Role::Source => self.choice.plan.source = Some(path.clone()),
                Role::Label => self.choice.plan.label = Some(path.clone()),
                _ => self.choice.plan.pair = Some(path.clone()),
            }
            self.claim(role, &path, why);
        }
        self.choice.plan.size = self.size();
    }

    fn size(&self) -> Option<(FieldPath, FieldPath)> {
        let find = |wanted: &[&str]| {
            self.survey
                .fields
                .iter()
                .filter(|(path, field)| {
                    path.0.len() == 1
                        && field.number_share() > 0.9
                        && field.range.is_some_and(|(low, high)| low >= 1.0 && high < 100_000.0)
                })
                .filter(|(path, _)| {
                    let words = tokens(path.last());
                    words.last().is_some_and(|last| wanted.contains(&last.as_str()))
                        && !words
                            .iter()
                            .any(|word| matches!(word.as_str(), "original" | "thumb" | "box" | "bbox"))
                })
                .map(|(path, _)| path.clone())
                .next()
        };
        // Beside x and y they are a box.
        let boxed = self.survey.fields.contains_key(&FieldPath::of("x"));
        if boxed { None } else { Some((find(&["width", "w"])?, find(&["height", "h"])?)) }
    }

    /// Fields that may name the picture, for bringing rows and files together.
    fn keys(&mut self) {
        let mut keys: Vec<FieldPath> = Vec::new();
        if let [image] = self.choice.plan.images.as_slice() {
            let texts = self
                .survey
                .field(&image.path)
                .is_some_and(|field| field.texts + field.ints > 0 && field.image_data == 0);
            if texts && image.path.fans() == 0 {
                keys.push(image.path.clone());
            }
        }
        for (path, field) in &self.survey.fields {
            let own = hint(path.last());
            let plain = path.0.len() == 1 && field.id_share() > 0.9 && field.floats == 0 && field.bools == 0;
            if plain && own.image > 0.0 && own.id > 0.0 && own.aside == 0.0 && !keys.contains(path) {
                keys.push(path.clone());
            }
        }
        keys.extend(self.choice.plan.id.clone().filter(|id| !keys.contains(id)));
        for (path, field) in &self.survey.fields {
            let own = hint(path.last());
            let plain = path.0.len() == 1 && field.id_share() > 0.9 && field.floats == 0 && field.bools == 0;
            let id_like = own.id > 0.0 && own.aside == 0.0 && own.kind == 0.0 && own.question == 0.0;
            if plain && (id_like || path.last() == "@key") && !keys.contains(path) {
                keys.push(path.clone());
            }
        }
        self.choice.keys = keys;
    }

    /// What has no role inside a field of which another part has one.
    fn beside_roles(&mut self, top: &FieldPath, inside: &[(&FieldPath, &Field)]) {
        if self.settings.role_of(top.top()) == Some(Role::Ignore) {
            return;
        }
        let free: Vec<FieldPath> = inside
            .iter()
            .filter(|(path, field)| {
                let plain = field.texts + field.ints + field.floats + field.bools > 0;
                let bulk = field.base64 * 2 > field.values || field.values > self.survey.rows * 100;
                plain && !bulk && !self.claimed.iter().any(|claimed| claimed.leads_to(path))
            })
            .map(|(path, _)| (*path).clone())
            .take(32)
            .collect();
        for path in &free {
            self.report(Role::Meta, path, "kept as it is");
        }
        if !free.is_empty() {
            self.choice.plan.beside.push((top.top().to_owned(), free));
        }
    }

    /// What has no role: kept as meta, unless it is bulk.
    fn rest(&mut self) {
        let mut tops: Vec<FieldPath> = Vec::new();
        for path in self.survey.fields.keys() {
            let top = FieldPath::of(path.top());
            if !tops.contains(&top) {
                tops.push(top);
            }
        }
        let mut hidden: FxHashSet<String> = self.choice.plan.hidden.iter().cloned().collect();
        for top in tops {
            let inside: Vec<(&FieldPath, &Field)> =
                self.survey.fields.iter().filter(|(path, _)| top.leads_to(path)).collect();
            let claimed = self.claimed.iter().any(|claimed| top.leads_to(claimed));
            if claimed {
                let kept = self.choice.plan.label.as_ref() == Some(&top)
                    || self.settings.role_of(top.top()) == Some(Role::Meta);
                if !kept {
                    hidden.insert(top.top().to_owned());
                    self.beside_roles(&top, &inside);
                }
                continue;
            }
            let values: usize = inside.iter().map(|(_, field)| field.values).sum();
            let base64: usize = inside.iter().map(|(_, field)| field.base64).sum();
            let blobs: usize = inside.iter().map(|(_, field)| field.blobs).sum();
            let bulk = if base64 * 2 > values.max(1) {
                Some("binary data in base64")
            } else if blobs * 2 > values.max(1) {
                Some("binary data")
            } else if values > self.survey.rows * 300 {
                Some("hundreds of values in every record")
            } else if top.top().starts_with("__index_level") {
                Some("a row number that pandas left")
            } else {
                None
            };
            if let Some(why) = bulk {
                hidden.insert(top.top().to_owned());
                self.report(Role::Ignore, &top, why);
            } else if top.top() != "@key" {
                self.report(Role::Meta, &top, "kept as it is");
            }
        }
        // Questions keep their kind and id to themselves only where they stand in a list.
        let mut hidden: Vec<String> = hidden.into_iter().collect();
        hidden.sort();
        self.choice.plan.hidden = hidden;
    }
}

/// Whether a name says question, and not only who speaks.
fn asks_by_name(name: &str) -> bool {
    tokens(name).iter().any(|word| {
        let speaker = matches!(word.as_str(), "user" | "human" | "input");
        (!speaker && hint(word).question > 0.0) || word == "prompt"
    })
}

/// Whether texts ask, order, or come again and again.
fn orders(field: &Field) -> bool {
    const ORDERS: [&str; 16] = [
        "please",
        "tell",
        "write",
        "list",
        "count",
        "identify",
        "explain",
        "give",
        "name",
        "find",
        "read",
        "answer",
        "summarize",
        "generate",
        "provide",
        "analyze",
    ];
    let orders = |text: &String| {
        let first = text.split_whitespace().next().unwrap_or("").to_lowercase();
        ORDERS.contains(&first.trim_end_matches([',', ':']))
    };
    let examples = field.examples.iter().filter(|text| describes(text) || orders(text)).count();
    field.of_texts(field.questions) > 0.1
        || examples * 2 > field.examples.len()
        || (field.values >= 10 && field.distinct_share() < 0.5)
}

/// What kind of reference a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bytes,
    Name,
    Url,
    Id,
}

impl Kind {
    fn rank(self) -> u8 {
        match self {
            Self::Bytes => 4,
            Self::Name => 3,
            Self::Url => 2,
            Self::Id => 1,
        }
    }
}

fn kind_of(field: &Field, found: f32) -> Kind {
    if (field.blobs + field.image_data) * 2 > field.values {
        Kind::Bytes
    } else if field.urls * 2 > field.values && found < 0.5 {
        Kind::Url
    } else if field.image_names * 3 > field.values || found > 0.3 {
        Kind::Name
    } else {
        Kind::Id
    }
}

/// The name of a file in lower case without its ending and, unless wanted, its folders.
fn file_stem(name: &str, folders: bool) -> String {
    let clean = name.split(['?', '#']).next().unwrap_or(name);
    let base = if folders { clean } else { clean.rsplit(['/', '\\']).next().unwrap_or(clean) };
    base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_lowercase()
}

/// Whether a name is that of one of several people or programs: `worker_a`, `model2`.
fn is_one_of_several(name: &str) -> bool {
    let words = tokens(name);
    let Some((last, front)) = words.split_last() else { return false };
    let counted = last.chars().count() == 1 || last.bytes().all(|byte| byte.is_ascii_digit());
    counted && front.len() == 1
}

/// Whether a name is that of a heading.
fn is_heading(name: &str) -> bool {
    tokens(name).iter().any(|word| {
        matches!(word.as_str(), "title" | "headline" | "heading" | "subject" | "titel" | "titre" | "nazev")
    })
}

/// Whether two names differ in one word only, as `left_url` and `right_url` do.
fn pair_names(one: &str, other: &str) -> bool {
    let (one, other) = (tokens(one), tokens(other));
    if one.len() == other.len() {
        let differing: Vec<(&String, &String)> = one.iter().zip(&other).filter(|(a, b)| a != b).collect();
        let [(a, b)] = differing.as_slice() else { return false };
        let both_say_picture = hint(a).image > 0.0 && hint(b).image > 0.0;
        let variants = is_variant(a) || is_variant(b);
        return paired_words(a, b) || (one.len() > 1 && !both_say_picture && !variants);
    }
    // `image` and `image_2`.
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    long.len() == short.len() + 1
        && long.starts_with(&short)
        && long.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Words for another rendering of the same picture.
fn is_variant(word: &str) -> bool {
    matches!(
        word,
        "coco"
            | "flickr"
            | "cdn"
            | "small"
            | "large"
            | "big"
            | "medium"
            | "original"
            | "hd"
            | "page"
            | "backup"
            | "aws"
            | "https"
            | "full"
            | "high"
            | "low"
            | "final"
    )
}

fn paired_words(one: &str, other: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("left", "right"),
        ("source", "target"),
        ("src", "tgt"),
        ("src", "dst"),
        ("before", "after"),
        ("first", "second"),
        ("a", "b"),
        ("x", "y"),
        ("input", "output"),
        ("original", "edited"),
        ("query", "target"),
        ("reference", "target"),
        ("old", "new"),
        ("anchor", "positive"),
        ("positive", "negative"),
        ("links", "rechts"),
        ("ref", "target"),
        ("orig", "edited"),
    ];
    let numbers =
        one.bytes().all(|byte| byte.is_ascii_digit()) && other.bytes().all(|byte| byte.is_ascii_digit());
    numbers || PAIRS.iter().any(|(a, b)| (*a == one && *b == other) || (*a == other && *b == one))
}

/// The parts that several pictures play: what is left of their names without the common words.
fn roles_of(paths: &[FieldPath]) -> Vec<String> {
    let words: Vec<Vec<String>> = paths.iter().map(|path| tokens(path.last())).collect();
    words
        .iter()
        .zip(paths)
        .map(|(own, path)| {
            let special: Vec<&str> = own
                .iter()
                .filter(|word| !words.iter().all(|other| other.contains(word)))
                .filter(|word| hint(word).image < 3.0)
                .map(String::as_str)
                .collect();
            if special.is_empty() { path.last().to_owned() } else { special.join(" ") }
        })
        .collect()
}

/// First the one that comes first in the world: left, source, before, 0.
fn rank_of_role(role: Option<&String>) -> u8 {
    match role.map_or("", String::as_str) {
        "left" | "source" | "src" | "before" | "first" | "input" | "original" | "reference" | "ref"
        | "query" | "old" | "0" | "anchor" => 0,
        "right" | "target" | "after" | "second" | "output" | "edited" | "new" | "tgt" | "dst"
        | "positive" => 2,
        _ => 1,
    }
}

/// Whether one text is what the picture came with, and the other what somebody made of it.
fn is_original(candidate: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let (own, rich) = (candidate.field, other.field);
    let ratio = rich.mean_words() / own.mean_words().max(0.5);
    let told =
        candidate.hint.original > other.hint.original && candidate.hint.dense <= other.hint.dense + 0.5;
    let enriched = other.hint.dense > 0.0 && candidate.hint.dense == 0.0;
    let short = tokens(candidate.path.last())
        .iter()
        .any(|word| matches!(word.as_str(), "short" | "brief" | "summary" | "human" | "simple"));
    // Alt texts end without a full stop, and read less like sentences.
    let rough = own.of_texts(own.ends) + 0.3 < rich.of_texts(rich.ends)
        && own.prose_share() < rich.prose_share() - 0.05;
    (told && ratio > 0.6)
        || (!short && enriched && ratio > 1.8 && rough)
        || (!short && ratio > 2.2 && rough && own.values >= 3)
        || (!short && ratio > 1.8 && candidate.hint.original > 0.0)
}

/// Fingerprints of instructions that come several times with long answers.
fn frequent(pairs: &[(String, String)]) -> Vec<u64> {
    let mut counts: FxHashMap<u64, (usize, usize, bool, FxHashSet<u64>)> = FxHashMap::default();
    for (question, answer) in pairs {
        if question.is_empty() || !is_template(question) || describes(question) {
            continue;
        }
        let entry = counts.entry(instruction_mark(question)).or_default();
        entry.0 += 1;
        entry.1 += answer.split_whitespace().count();
        entry.2 |= question.contains(['?', '？']);
        entry.3.extend(fingerprint(&Cell::Text(answer.clone())));
    }
    let mut found: Vec<u64> = counts
        .into_iter()
        .filter(|(_, (count, words, asks, answers))| {
            let often = *count >= 3 && (!asks || count * 5 >= pairs.len());
            often && words / count >= 6 && answers.len() * 2 > *count
        })
        .map(|(mark, _)| mark)
        .collect();
    found.sort_unstable();
    found.truncate(256);
    found
}

fn form_keys(form: &crate::dataset::descriptors::BoxForm) -> Vec<String> {
    form.keys().into_iter().map(str::to_owned).collect()
}
