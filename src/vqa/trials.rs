//! Trials of the whole room: verdicts that a reader would give, and what must hold for any text.

use proptest::prelude::*;

use super::Verdict::{self, Contradicted, Entailed, Grounded, Mentioned, Unknown};
use super::{Judge, Judgement};
use crate::model::{Caption, CaptionRole, Question, Sample};
use crate::testing::shared;

/// A question, its answer, and the verdict.
type Case = (&'static str, &'static str, Verdict);

/// Captions with questions, labelled by hand.
const CASES: &[(&str, &[Case])] = &[
    (
        "A brown dog sleeps on a grey sofa.",
        &[
            ("What color is the dog?", "brown", Entailed),
            ("What color is the dog?", "black", Contradicted),
            ("What color is the sofa?", "gray", Entailed),
        ],
    ),
    ("A dog sleeps on a grey sofa.", &[("What color is the dog?", "brown", Unknown)]),
    ("A dog with a red collar sits on the porch.", &[("What color is the dog?", "red", Mentioned)]),
    (
        "A woman in a blue dress and a man in a black suit.",
        &[
            ("What color is the man's suit?", "black", Entailed),
            ("What color is the man's suit?", "blue", Contradicted),
        ],
    ),
    ("A black and white cow stands in a field.", &[("What color is the cow?", "black and white", Entailed)]),
    ("A red barn behind a green tractor.", &[("What is the color of the tractor?", "green", Entailed)]),
    ("A dark blue car is parked outside.", &[("What color is the car?", "blue", Entailed)]),
    ("A red car and a white van on the road.", &[("What color is the car?", "white", Contradicted)]),
    (
        "A little girl wearing a yellow raincoat.",
        &[("What color coat is the girl wearing?", "yellow", Entailed)],
    ),
    ("The horse is brown with a white mane.", &[("What color is the horse's mane?", "white", Entailed)]),
    (
        "Two cats lie on a bed.",
        &[("How many cats are there?", "2", Entailed), ("How many cats are there?", "3", Contradicted)],
    ),
    ("A cat lies on a bed.", &[("How many cats are on the bed?", "1", Entailed)]),
    ("Several birds sit on a wire.", &[("How many birds are there?", "5", Unknown)]),
    ("A couple of zebras graze in the grass.", &[("How many zebras are there?", "2", Entailed)]),
    (
        "Three children and two adults at a picnic table.",
        &[("How many adults are at the table?", "2", Entailed)],
    ),
    ("A pair of giraffes next to a tree.", &[("How many giraffes are shown?", "two", Entailed)]),
    ("A man on a bench.", &[("How many dogs are there?", "0", Unknown)]),
    ("There are no people in the empty hall.", &[("How many people are there?", "0", Entailed)]),
    ("Four men play cards at a table.", &[("How many chairs are there?", "4", Mentioned)]),
    ("A truck with six wheels.", &[("How many wheels does the truck have?", "6", Entailed)]),
    (
        "A man wearing a hat rides a horse.",
        &[("Is the man wearing a hat?", "yes", Entailed), ("Is the man wearing a hat?", "no", Contradicted)],
    ),
    (
        "A man rides a horse.",
        &[("Is the man wearing a hat?", "no", Unknown), ("Is the man wearing a hat?", "yes", Unknown)],
    ),
    (
        "A man without a hat rides a horse.",
        &[("Is the man wearing a hat?", "no", Entailed), ("Is the man wearing a hat?", "yes", Contradicted)],
    ),
    (
        "A kitchen with a stove but no refrigerator.",
        &[("Is there a refrigerator?", "yes", Contradicted), ("Is there a refrigerator?", "no", Entailed)],
    ),
    (
        "A white dog runs on the beach.",
        &[
            ("Is there an animal?", "yes", Entailed),
            ("Is the dog black?", "yes", Contradicted),
            ("Is the dog running?", "yes", Entailed),
            ("Is the dog sleeping?", "yes", Contradicted),
            ("Is this a beach?", "yes", Entailed),
        ],
    ),
    ("A boy kicks a ball while a girl watches.", &[("Is the girl kicking the ball?", "yes", Mentioned)]),
    ("A cat on a windowsill.", &[("Is the cat sitting on the windowsill?", "yes", Grounded)]),
    (
        "The door of the house is closed.",
        &[("Is the door open?", "yes", Contradicted), ("Is the door closed?", "yes", Entailed)],
    ),
    (
        "A wooden table with a vase of flowers on it.",
        &[
            ("Is the table made of wood?", "yes", Entailed),
            ("Are there flowers on the table?", "yes", Entailed),
        ],
    ),
    (
        "A group of people standing at a bus stop in the rain.",
        &[("Is it raining?", "yes", Entailed), ("Is it sunny?", "yes", Contradicted)],
    ),
    (
        "A street at night with glowing lamps.",
        &[("Is it daytime?", "yes", Contradicted), ("Is it dark outside?", "yes", Unknown)],
    ),
    (
        "Two dogs chase a ball.",
        &[("Are there two dogs?", "yes", Entailed), ("Are there three dogs?", "yes", Contradicted)],
    ),
    (
        "A cup is to the left of the laptop.",
        &[
            ("Is the cup to the right of the laptop?", "yes", Contradicted),
            ("Is the laptop to the right of the cup?", "yes", Entailed),
        ],
    ),
    ("A book lies on the table.", &[("Is the book under the table?", "yes", Contradicted)]),
    (
        "A woman holding an umbrella crosses the street.",
        &[
            ("What is the woman holding?", "umbrella", Entailed),
            ("What is the woman holding?", "a phone", Contradicted),
            ("What does the woman use to stay dry?", "umbrella", Grounded),
        ],
    ),
    (
        "A boy rides a bicycle past a parked car.",
        &[
            ("What is the boy riding?", "bicycle", Entailed),
            ("What is the boy riding?", "skateboard", Contradicted),
            ("What vehicle is parked?", "car", Entailed),
        ],
    ),
    (
        "A cat and a vase of tulips near the window.",
        &[
            ("What animal is in the picture?", "cat", Entailed),
            ("What animal is in the picture?", "dog", Contradicted),
        ],
    ),
    (
        "A plate of pasta and a glass of wine on a table.",
        &[("What is on the table?", "wine", Entailed), ("What is on the table?", "bread", Unknown)],
    ),
    ("A plate of pasta next to a basket of bread.", &[("What is in the glass?", "bread", Mentioned)]),
    (
        "A man eating a sandwich on a park bench.",
        &[
            ("What is the man eating?", "sandwich", Entailed),
            ("What is the man eating?", "pizza", Contradicted),
        ],
    ),
    ("A dog wearing a red scarf.", &[("What is the dog wearing?", "a scarf", Entailed)]),
    ("A man in a suit and tie speaks at a podium.", &[("What is the man wearing?", "suit", Entailed)]),
    (
        "A man is surfing a large wave.",
        &[
            ("What is the man doing?", "surfing", Entailed),
            ("What is the man doing?", "skiing", Contradicted),
        ],
    ),
    (
        "Two girls sit on a swing.",
        &[
            ("What are the girls doing?", "sitting", Entailed),
            ("What are the girls doing?", "standing", Contradicted),
        ],
    ),
    (
        "A chef in a white hat slices onions.",
        &[
            ("What is the chef doing?", "slicing onions", Entailed),
            ("What is the chef doing?", "cooking", Unknown),
        ],
    ),
    (
        "Children play soccer in the park.",
        &[
            ("What sport are the children playing?", "soccer", Entailed),
            ("What sport are the children playing?", "tennis", Contradicted),
        ],
    ),
    (
        "A cat sleeps on top of a car.",
        &[
            ("Where is the cat?", "on the car", Entailed),
            ("Where is the cat?", "under the car", Contradicted),
            ("Where is the cat sleeping?", "car", Entailed),
        ],
    ),
    (
        "A lamp stands next to a bed.",
        &[
            ("Where is the lamp?", "next to the bed", Entailed),
            ("Where is the lamp?", "on the desk", Unknown),
        ],
    ),
    (
        "A bowl of oranges on a kitchen counter.",
        &[
            ("Where are the oranges?", "in a bowl", Entailed),
            ("Where is the bowl?", "on the table", Contradicted),
        ],
    ),
    (
        "A man stands behind a counter.",
        &[("Where is the man standing?", "in front of the counter", Contradicted)],
    ),
    ("A woman in a red dress dances with an old man.", &[("Who is dancing?", "woman", Entailed)]),
    (
        "A woman rides a brown horse.",
        &[
            ("Who is riding the horse?", "a man", Contradicted),
            ("Who is riding the horse?", "a woman", Entailed),
        ],
    ),
    (
        "A firefighter carries a child out of a house.",
        &[("Who is carrying the child?", "firefighter", Entailed)],
    ),
    (
        "A firefighter and a child near a burning house.",
        &[("Who is carrying the child?", "firefighter", Mentioned)],
    ),
    (
        "A sign that reads \"No Parking\" on a fence.",
        &[
            ("What does the sign say?", "no parking", Entailed),
            ("What does the sign say?", "stop", Contradicted),
        ],
    ),
    ("A bus with the number 42 on its front.", &[("What number is on the bus?", "42", Entailed)]),
    (
        "A bathroom with a white sink and a mirror.",
        &[("What room is this?", "bathroom", Entailed), ("What room is this?", "kitchen", Contradicted)],
    ),
    (
        "A busy market on a sunny day.",
        &[
            ("What is the weather like?", "sunny", Entailed),
            ("What is the weather like?", "rainy", Contradicted),
        ],
    ),
    (
        "Boats in a harbor at sunset.",
        &[("What time of day is it?", "sunset", Entailed), ("What time of day is it?", "noon", Unknown)],
    ),
    (
        "A tall glass building beside an old church.",
        &[
            ("What is the building made of?", "glass", Entailed),
            ("Is the church old or new?", "old", Entailed),
            ("Is the church old or new?", "new", Contradicted),
        ],
    ),
    (
        "A large elephant and a small elephant at a waterhole.",
        &[("What size is the elephant?", "large", Entailed)],
    ),
    ("The banana on the plate is ripe.", &[("Is the banana ripe?", "yes", Entailed)]),
    (
        "A man opens an umbrella because it is raining.",
        &[("Why does the man open an umbrella?", "because it is raining", Entailed)],
    ),
    ("A man holding an umbrella.", &[("Why is the man holding an umbrella?", "it is raining", Unknown)]),
    ("A girl smiles at the camera.", &[("How is the girl feeling?", "happy", Unknown)]),
    ("A tired runner at the finish line.", &[("Who won the race?", "runner", Mentioned)]),
    (
        "A child throws a red frisbee to a dog.",
        &[
            ("What is the child throwing?", "frisbee", Entailed),
            ("What color is the frisbee?", "red", Entailed),
            ("What color is the child's shirt?", "red", Mentioned),
            ("Is the child playing with the dog?", "yes", Unknown),
        ],
    ),
    (
        "A skateboarder performs a trick on a concrete ramp while three friends watch.",
        &[
            ("How many friends are watching?", "3", Entailed),
            ("What is the ramp made of?", "concrete", Entailed),
            ("What is the ramp made of?", "wood", Contradicted),
            ("Is the skateboarder wearing a helmet?", "no", Unknown),
            ("Where is the skateboarder?", "on a ramp", Entailed),
        ],
    ),
    (
        "The image shows a cozy living room with a green couch, a low wooden table and a lit fireplace. A cat is curled up on the couch.",
        &[
            ("What animal is on the couch?", "cat", Entailed),
            ("What room is shown?", "living room", Entailed),
            ("What color is the couch?", "green", Entailed),
            ("Is there a fireplace in the room?", "yes", Entailed),
            ("Is the fireplace lit?", "yes", Entailed),
            ("Is the table tall?", "yes", Contradicted),
            ("Is there a dog in the room?", "no", Unknown),
        ],
    ),
    (
        "A man and a woman share an umbrella on a rainy street.",
        &[
            ("Who is under the umbrella?", "man and woman", Grounded),
            ("How many people are there?", "2", Grounded),
            ("What is the weather?", "rainy", Entailed),
            ("Is it sunny?", "no", Entailed),
            ("What are they sharing?", "umbrella", Entailed),
            ("What are they sharing?", "a sandwich", Unknown),
        ],
    ),
    (
        "Five sheep graze in a meadow near a stone wall.",
        &[
            ("How many sheep?", "five", Entailed),
            ("How many sheep are in the meadow?", "4", Contradicted),
            ("What are the sheep doing?", "grazing", Entailed),
            ("Are the sheep near a wall?", "yes", Entailed),
            ("What is the wall made of?", "brick", Contradicted),
            ("Are there any cows?", "no", Unknown),
            ("Are there any cows?", "yes", Unknown),
        ],
    ),
    (
        "A vintage poster says \"Visit Lisbon\" above a drawing of a yellow tram.",
        &[
            ("What does the poster say?", "visit lisbon", Entailed),
            ("What city is named on the poster?", "Lisbon", Grounded),
            ("What color is the tram?", "yellow", Entailed),
            ("What color is the tram?", "red", Contradicted),
            ("What color is the poster?", "yellow", Mentioned),
        ],
    ),
    (
        "A pilot in uniform stands beside a small propeller plane.",
        &[
            ("Who is standing beside the plane?", "pilot", Entailed),
            ("Is the plane large?", "yes", Contradicted),
            ("Is the plane large?", "no", Entailed),
            ("What is the pilot wearing?", "a uniform", Entailed),
            ("What is next to the plane?", "a pilot", Entailed),
        ],
    ),
    (
        "A bicycle with a wicker basket leans against a blue door.",
        &[
            ("What is leaning against the door?", "bicycle", Entailed),
            ("What does the bicycle have?", "basket", Entailed),
            ("What color is the bicycle?", "blue", Mentioned),
            ("What color is the door?", "blue", Entailed),
            ("Is the door open or closed?", "closed", Unknown),
            ("What kind of basket is it?", "wicker", Entailed),
        ],
    ),
    (
        "Empty beach at dawn with gentle waves and no one around.",
        &[
            ("Is the beach crowded?", "no", Entailed),
            ("Is the beach empty?", "yes", Entailed),
            ("How many people are on the beach?", "0", Entailed),
            ("What time of day is it?", "dawn", Entailed),
            ("Is it night?", "yes", Contradicted),
        ],
    ),
    (
        "Two boys in red jerseys fight for the soccer ball.",
        &[
            ("What color are the jerseys?", "red", Entailed),
            ("What are the boys wearing?", "jerseys", Entailed),
            ("How many boys are there?", "two", Entailed),
            ("How many players are wearing blue?", "2", Mentioned),
        ],
    ),
    (
        "A chocolate cake with strawberries on top sits on a glass plate.",
        &[
            ("What kind of cake is it?", "chocolate", Entailed),
            ("What is the cake on?", "plate", Entailed),
            ("Is the plate made of glass?", "yes", Entailed),
            ("Whose birthday is it?", "the boy's", Unknown),
        ],
    ),
    (
        "A nurse with glasses reads a chart beside an elderly patient in bed.",
        &[
            ("Who is in bed?", "patient", Entailed),
            ("What is the nurse reading?", "a chart", Entailed),
            ("What is the nurse reading?", "a newspaper", Contradicted),
            ("Does the nurse have glasses?", "yes", Entailed),
            ("Is the patient young?", "yes", Contradicted),
            ("Is the nurse male?", "yes", Unknown),
        ],
    ),
    (
        "The traffic light above the crossing is red.",
        &[
            ("Is the light green?", "yes", Contradicted),
            ("What color is the traffic light?", "red", Entailed),
            ("Can cars go?", "no", Unknown),
        ],
    ),
    (
        "A wooden spoon and a metal fork lie on a napkin.",
        &[
            ("Which utensil is made of metal?", "fork", Entailed),
            ("What is the spoon made of?", "wood", Entailed),
            ("What is the spoon made of?", "metal", Contradicted),
            ("What is under the fork?", "napkin", Entailed),
            ("Is there a knife?", "yes", Unknown),
        ],
    ),
    (
        "A large crowd watches a parade with colorful floats.",
        &[
            ("What is the crowd watching?", "parade", Entailed),
            ("Are there many people?", "yes", Grounded),
            ("Is the crowd small?", "yes", Contradicted),
        ],
    ),
    (
        "A girl with long hair blows out the candles of her birthday cake.",
        &[
            ("Does the girl have short hair?", "yes", Contradicted),
            ("What is the girl doing?", "blowing out candles", Entailed),
            ("How old is the girl?", "7", Unknown),
        ],
    ),
];

fn sample(caption: &str, question: &str, answer: &str) -> Sample {
    let captions =
        vec![Caption { text: caption.to_owned(), field: "caption".to_owned(), role: CaptionRole::Main }];
    let question =
        Question { question: question.to_owned(), answers: vec![answer.to_owned()], ..Question::default() };
    Sample { captions, questions: vec![question], ..Sample::default() }
}

fn judged(judge: &mut Judge, caption: &str, question: &str, answer: &str) -> Judgement {
    judge.judge_sample(&sample(caption, question, answer)).remove(0)
}

#[test]
fn verdicts_are_those_of_a_reader() {
    let mut judge = Judge::new();
    let mut wrong = Vec::new();
    for (caption, cases) in CASES {
        for (question, answer, expected) in *cases {
            let found = judged(&mut judge, caption, question, answer).verdict;
            if found != *expected {
                wrong.push(format!("{caption} {question} {answer}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn evidence_lies_in_the_caption() {
    let caption = "A brown dog sleeps on a gray sofa.";
    let found = judged(&mut Judge::new(), caption, "What color is the dog?", "brown");
    let span = found.span().unwrap();
    assert_eq!(caption.get(span.start as usize..span.end as usize), Some("brown"));
    let found = judged(&mut Judge::new(), caption, "Is the dog sleeping on the sofa?", "yes");
    let span = found.span().unwrap();
    assert_eq!(caption.get(span.start as usize..span.end as usize), Some("dog sleeps on a gray sofa"));
}

#[test]
fn a_choice_may_be_a_letter() {
    let mut judge = Judge::new();
    let mut asked = sample("A red bus.", "What color is the bus?", "B");
    asked.questions[0].choices = ["blue", "red", "green"].map(str::to_owned).to_vec();
    let found = judge.judge_sample(&asked).remove(0);
    assert_eq!((found.claim.answer.as_str(), found.verdict), ("red", Entailed));
    let asked = sample("A red bus.", "What color is the bus?\nA. blue\nB. red", "A");
    let found = judge.judge_sample(&asked).remove(0);
    assert_eq!((found.claim.answer.as_str(), found.verdict), ("blue", Contradicted));
}

#[test]
fn a_question_without_an_answer_asks_whether_it_is_so() {
    let found = judged(&mut Judge::new(), "A red bus.", "Is the bus red?", "");
    assert_eq!((found.claim.is_assumed, found.verdict), (true, Entailed));
    let found = judged(&mut Judge::new(), "A red bus.", "What color is the bus?", "");
    assert_eq!((found.claim.is_assumed, found.verdict), (false, Unknown));
}

#[test]
fn several_captions_are_read_together() {
    let mut judge = Judge::new();
    let mut both = sample("A dog on a lawn.", "What color is the dog?", "black");
    both.captions.push(Caption { text: "A black dog.".to_owned(), ..both.captions[0].clone() });
    let found = judge.judge_sample(&both).remove(0);
    assert_eq!((found.verdict, found.evidence[0].caption), (Entailed, 1));
}

/// Each row of DSG asks whether something is so that its text says: METRICS' check of the whole room.
#[test]
fn own_texts_answer_what_other_texts_do_not() {
    let Some(path) = shared("dsg/tifa160-dev-anns.csv") else { return };
    let mut rows = csv::Reader::from_path(path).unwrap();
    let rows: Vec<(String, String)> = rows
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[1].to_owned(), row[8].trim().to_owned()))
        .collect();
    let mut texts: Vec<&str> = rows.iter().map(|(text, _)| text.as_str()).collect();
    texts.dedup();
    let mut judge = Judge::new();
    let pages: Vec<_> = texts.iter().map(|text| judge.read_text(text)).collect();
    let (mut asked, mut own, mut other) = (0, 0, 0);
    for (text, question) in rows.iter().filter(|(_, question)| !question.is_empty()) {
        let at = texts.iter().position(|other| other == text).unwrap();
        let claim = judge.claim(&Question {
            question: question.clone(),
            answers: vec!["yes".to_owned()],
            ..Question::default()
        });
        asked += 1;
        own += i32::from(judge.judge(&claim, &pages[at]).0.reaches(Mentioned));
        for step in [1, 40, 80, 120] {
            let beside = &pages[(at + step) % pages.len()];
            other += i32::from(judge.judge(&claim, beside).0.reaches(Mentioned));
        }
    }
    let (own, other) = (f64::from(own) / f64::from(asked), f64::from(other) / f64::from(4 * asked));
    assert!(own >= 0.85, "own {own:.3}");
    assert!(other <= 0.02, "other {other:.3}");
}

proptest! {
    #[test]
    fn any_texts_can_be_judged(
        caption in prop_oneof![any::<String>(), "((a|the|red|dog|man|two|is|on|no|not|,|.|sofa|wearing|hat|it|and|of) ){0,14}"],
        question in prop_oneof![any::<String>(), "((what|is|how|many|the|dog|doing|on|there|color|a|who|or|man|wearing) ){0,9}"],
        answer in prop_oneof![any::<String>(), "((yes|no|0|two|the|dog|on|is|red|,) ){0,4}"],
    ) {
        let found = judged(&mut Judge::new(), &caption, &question, &answer);
        for place in found.evidence.iter().copied().chain(found.span()) {
            prop_assert!(caption.get(place.start as usize..place.end as usize).is_some());
        }
        if found.verdict == Unknown {
            prop_assert!(found.evidence.is_empty());
        }
    }

    #[test]
    fn a_caption_answers_what_it_is_asked_back(caption in "(A (red|small|wooden) (dog|cup|chair) (stands|sits|lies) on a (table|lawn|bed)\\. ){1,3}") {
        let mut judge = Judge::new();
        let pages = judge.read_text(&caption);
        let found = judge.questions(&pages);
        prop_assert!(!found.is_empty());
    }
}
