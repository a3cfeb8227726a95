//! Questions about a scene, each with its one right answer.

use serde::Serialize;

use super::dice::Dice;
use super::kind::{Family, Kind, Predicate};
use super::place::Mood;
use super::scene::{Link, Scene, Spot, grain};
use super::words::with_article;

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Question {
    #[serde(rename = "question")]
    pub(super) text: String,
    pub(super) answer: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

fn ask(kind: &'static str, question: String, answer: impl Into<String>) -> Question {
    Question { text: question, answer: answer.into(), kind }
}

/// Up to `limit` questions, of as many types as the scene allows.
pub(super) fn questions(scene: &Scene, limit: usize) -> Vec<Question> {
    let mut dice = Dice::new(grain(scene.seed, 0xA5C, 0));
    let mut pool = Vec::new();
    for index in 0..scene.things.len() {
        about_thing(scene, index, &mut pool);
    }
    for link in &scene.links {
        about_link(scene, *link, &mut dice, &mut pool);
    }
    about_scene(scene, &mut dice, &mut pool);
    dice.shuffle(&mut pool);
    let mut chosen: Vec<Question> = Vec::new();
    // First one of each type, then whatever comes.
    for round in 0..2 {
        for question in &pool {
            let new = round > 0 || chosen.iter().all(|other| other.kind != question.kind);
            if chosen.len() < limit && new && !chosen.contains(question) {
                chosen.push(question.clone());
            }
        }
    }
    chosen
}

fn about_thing(scene: &Scene, index: usize, pool: &mut Vec<Question>) {
    let thing = &scene.things[index];
    let be = thing.be();
    let name = match thing.spot {
        // Several people may wear the same kind of thing.
        Spot::Part(of) if thing.kind == Kind::Shirt => format!("{}'s shirt", scene.things[of].noun()),
        _ => thing.noun().to_owned(),
    };
    if let Some(color) = thing.color {
        pool.push(ask("color", format!("What color {be} the {name}?"), color.name()));
    }
    if thing.count > 1 {
        pool.push(ask("count", format!("How many {name} are there?"), thing.count.to_string()));
    }
    if let Some(text) = thing.text {
        pool.push(ask("text", format!("What does the {name} say?"), text));
    }
    if let Some(pattern) = thing.pattern {
        let question = format!("Is the {name} striped or spotted?");
        pool.push(ask("attribute", question, pattern.name()));
    }
    match (thing.state, thing.kind) {
        (Some(state), Kind::TrafficLight) => {
            pool.push(ask("state", "What color is the traffic light?".to_owned(), state.name()));
        }
        (Some(state), kind) => {
            let states: Vec<&str> = kind.states().iter().map(|state| state.name()).collect();
            pool.push(ask("state", format!("Is the {name} {}?", states.join(" or ")), state.name()));
        }
        (None, _) => {}
    }
}

fn about_link(scene: &Scene, link: Link, dice: &mut Dice, pool: &mut Vec<Question>) {
    let (subject, object) = (&scene.things[link.subject], &scene.things[link.object]);
    let (who, what, be) = (subject.definite(), object.definite(), subject.be());
    match link.predicate {
        Predicate::Hold => pool.push(ask("object", format!("What is {who} holding?"), object.noun())),
        Predicate::Ride => {
            pool.push(ask("object", format!("What is {who} riding?"), object.noun()));
            pool.push(ask("object", format!("Who is riding {what}?"), subject.noun()));
        }
        Predicate::Wear => {
            let color = object.color.map_or("", super::kind::Color::name);
            let what = format!("the {color} {}", object.noun()).replace("  ", " ");
            pool.push(ask("object", format!("Who is wearing {what}?"), subject.noun()));
        }
        Predicate::LeftOf | Predicate::RightOf => {
            let right = dice.chance(50);
            let side = if (link.predicate == Predicate::LeftOf) == right { "left" } else { "right" };
            let answer = if right { "yes" } else { "no" };
            pool.push(ask("spatial", format!("{} {who} to the {side} of {what}?", capital(be)), answer));
        }
        predicate if predicate.family() == Family::Place && scene.main_link(link.subject) == Some(link) => {
            pool.push(ask("spatial", format!("Where {be} {who}?"), format!("{} {what}", predicate.ing())));
        }
        predicate if predicate.family() == Family::Action => {
            if let Some((verb, _)) = predicate.ing().split_once(' ')
                && (subject.kind.person() || subject.kind.animal())
            {
                pool.push(ask("action", format!("What {be} {who} doing?"), verb));
            }
        }
        _ => {}
    }
}

fn about_scene(scene: &Scene, dice: &mut Dice, pool: &mut Vec<Question>) {
    pool.push(ask("scene", "What place is this?".to_owned(), scene.place.name()));
    let weather = match scene.mood {
        Mood::Sunny | Mood::Cloudy | Mood::Rainy | Mood::Snowy => scene.mood.facts().first(),
        _ => None,
    };
    if let Some(weather) = weather {
        pool.push(ask("scene", "What is the weather like?".to_owned(), *weather));
    }
    if matches!(scene.mood, Mood::Night | Mood::Sunset) {
        let time = scene.mood.facts().first().copied().unwrap_or_default();
        pool.push(ask("scene", "What time of day is it?".to_owned(), time));
    }
    let leads: Vec<&str> = scene
        .things
        .iter()
        .filter(|thing| thing.leads() && !matches!(thing.spot, Spot::Rider(_)))
        .map(|thing| thing.kind.one())
        .collect();
    if let Some(there) = dice.pick(&leads) {
        pool.push(ask("existence", format!("Is there {} in the picture?", with_article(there)), "yes"));
    }
    let missing: Vec<Kind> =
        [Kind::Dog, Kind::Cat, Kind::Car, Kind::Bicycle, Kind::Umbrella, Kind::Bird, Kind::Ball, Kind::Horse]
            .into_iter()
            .filter(|kind| !scene.has(*kind))
            .collect();
    if let Some(kind) = dice.pick(&missing) {
        pool.push(ask("existence", format!("Is there {} in the picture?", with_article(kind.one())), "no"));
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_has_questions_of_several_types() {
        for seed in 0..500 {
            let found = questions(&Scene::new(seed), 6);
            assert!(found.len() >= 4, "seed {seed}: {found:?}");
            let mut kinds: Vec<&str> = found.iter().map(|question| question.kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            assert!(kinds.len() >= 3, "seed {seed}: {kinds:?}");
            assert!(found.iter().all(|question| question.text.ends_with('?') && !question.answer.is_empty()));
        }
    }

    #[test]
    fn no_question_has_two_answers() {
        for seed in 0..500 {
            let found = questions(&Scene::new(seed), 100);
            for (place, one) in found.iter().enumerate() {
                let clash = found.iter().skip(place + 1).find(|other| other.text == one.text);
                assert!(clash.is_none(), "seed {seed}: {one:?} {clash:?}");
            }
        }
    }
}
