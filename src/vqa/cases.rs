//! Captions with questions, labelled by hand as a reader would: what [`super::trials`] holds the room to.

use super::Verdict::{self, Contradicted, Entailed, Grounded, Mentioned, Unknown};

/// A question, its answer, and the verdict.
pub(super) type Case = (&'static str, &'static str, Verdict);

/// Captions with their questions.
pub(super) const CASES: &[(&str, &[Case])] = &[
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
            ("What sport is this?", "soccer", Grounded),
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
    (
        "An old fisherman in a yellow coat repairs a net on a wooden pier while gulls circle above.",
        &[
            ("What is the fisherman repairing?", "net", Entailed),
            ("What color is the fisherman's coat?", "yellow", Entailed),
            ("What color is the fisherman's coat?", "blue", Contradicted),
            ("Is the fisherman young?", "no", Entailed),
            ("How many gulls are there?", "3", Unknown),
            ("Are there boats?", "yes", Unknown),
            ("Is the pier made of concrete?", "yes", Contradicted),
        ],
    ),
    (
        "Two teenagers sit side by side on a couch, each holding a game controller.",
        &[
            ("How many teenagers are on the couch?", "2", Entailed),
            ("Are the teenagers standing?", "no", Entailed),
            ("Where are the teenagers sitting?", "couch", Entailed),
        ],
    ),
    (
        "A small brown puppy chews on a blue slipper under a kitchen table.",
        &[
            ("What is the puppy chewing on?", "slipper", Entailed),
            ("What is the puppy chewing on?", "bone", Contradicted),
            ("Is the slipper blue?", "yes", Entailed),
            ("What color is the puppy?", "blue", Contradicted),
            ("Where is the puppy?", "on the table", Contradicted),
            ("Is the puppy big?", "yes", Contradicted),
            ("Is there a dog?", "yes", Entailed),
            ("Is there a dog?", "no", Contradicted),
        ],
    ),
    (
        "A train with red and white stripes pulls into an empty station at night.",
        &[
            ("What colors are the stripes?", "red and white", Entailed),
            ("Is it daytime?", "no", Entailed),
            ("Is the station crowded?", "yes", Contradicted),
            ("What is pulling into the station?", "train", Entailed),
            ("What type of vehicle is shown?", "train", Entailed),
            ("What type of vehicle is shown?", "car", Contradicted),
        ],
    ),
    (
        "A man with a gray beard is sitting on a bench reading a newspaper. A brown leather bag lies beside him.",
        &[
            ("Does the man have a beard?", "yes", Entailed),
            ("What color is the beard?", "gray", Entailed),
            ("What is the bag made of?", "leather", Entailed),
            ("What is the man reading?", "newspaper", Entailed),
            ("What is the man reading?", "a book", Contradicted),
            ("Is the man clean-shaven?", "no", Unknown),
            ("Is the man wearing glasses?", "yes", Unknown),
            ("Is the bag black?", "yes", Contradicted),
        ],
    ),
    (
        "A clock tower rises behind a row of green trees. The clock shows ten past two.",
        &[
            ("What color are the trees?", "green", Entailed),
            ("Is the tower in front of the trees?", "yes", Contradicted),
        ],
    ),
    (
        "A bowl of salad with tomatoes, olives and feta cheese.",
        &[("What kind of cheese is it?", "feta", Entailed), ("Is there meat in the salad?", "no", Unknown)],
    ),
    (
        "A cyclist wearing a white helmet rides past a bakery.",
        &[
            ("Is the cyclist wearing a helmet?", "yes", Entailed),
            ("What color is the helmet?", "red", Contradicted),
            ("What is the person riding?", "bicycle", Unknown),
            ("Who is wearing the helmet?", "cyclist", Entailed),
            ("What kind of store is in the picture?", "bakery", Entailed),
        ],
    ),
    (
        "Nobody is on the snowy playground; the swings are empty.",
        &[
            ("Are there children on the playground?", "yes", Contradicted),
            ("Are there children on the playground?", "no", Entailed),
            ("Are the swings empty?", "yes", Entailed),
        ],
    ),
    (
        "A girl without shoes dances in a fountain.",
        &[
            ("Is the girl wearing shoes?", "no", Entailed),
            ("What is the girl doing?", "dancing", Entailed),
            ("Is the girl in a fountain?", "yes", Entailed),
        ],
    ),
    (
        "Three candles burn on a round cake covered in white icing.",
        &[
            ("What shape is the cake?", "round", Entailed),
            ("What shape is the cake?", "square", Contradicted),
            ("How many candles are on the cake?", "three", Entailed),
            ("How many candles are on the cake?", "5", Contradicted),
            ("What color is the icing?", "white", Entailed),
            ("What color are the candles?", "white", Mentioned),
            ("Are the candles lit?", "yes", Unknown),
        ],
    ),
    (
        "A person in a bear costume waves at passing cars.",
        &[
            ("What is the person wearing?", "a costume", Entailed),
            ("What is the person waving at?", "cars", Entailed),
        ],
    ),
    (
        "The picture shows a crowded beach. Children build a sandcastle near the water, and a lifeguard watches them from a tall white chair.",
        &[
            ("What are the children building?", "sandcastle", Entailed),
            ("What color is the chair?", "white", Entailed),
            ("Is the beach empty?", "yes", Contradicted),
            ("Is the beach empty?", "no", Entailed),
            ("How many children are there?", "4", Unknown),
            ("Where is this?", "beach", Entailed),
            ("Is it a sunny day?", "yes", Unknown),
        ],
    ),
    (
        "a tabby cat lies curled in a blue sink",
        &[
            ("where is the cat?", "sink", Entailed),
            ("what color is the sink?", "blue", Entailed),
            ("what is in the sink?", "cat", Entailed),
            ("what kind of cat is this?", "tabby", Entailed),
            ("is the cat awake?", "yes", Unknown),
            ("is there water in the sink?", "no", Unknown),
        ],
    ),
    (
        "A chef wearing a tall white hat pours sauce over a plate of grilled salmon.",
        &[
            ("What is the chef pouring?", "sauce", Entailed),
            ("Is the chef's hat black?", "yes", Contradicted),
            ("Is the salmon raw?", "yes", Contradicted),
            ("What is the man doing?", "cooking", Unknown),
        ],
    ),
    (
        "Four zebras drink from a river while a crocodile watches them.",
        &[
            ("How many zebras are drinking?", "four", Entailed),
            ("How many zebras are drinking?", "2", Contradicted),
            ("What are the zebras doing?", "drinking", Entailed),
            ("What is watching the zebras?", "crocodile", Entailed),
            ("Is there a crocodile?", "no", Contradicted),
        ],
    ),
    (
        "An antique brass telescope stands on a tripod beside a window.",
        &[
            ("What is the telescope made of?", "brass", Entailed),
            ("Is the telescope new?", "yes", Contradicted),
            ("Is the telescope new?", "no", Entailed),
            ("What is beside the window?", "telescope", Entailed),
            ("Is the window open?", "no", Unknown),
        ],
    ),
    (
        "The red kite flies higher than the blue kite.",
        &[("What color is the kite?", "green", Contradicted), ("Is there a blue kite?", "yes", Entailed)],
    ),
    (
        "A woman, who wears sunglasses and a straw hat, pushes a stroller.",
        &[
            ("What is the woman pushing?", "stroller", Entailed),
            ("Does the woman wear sunglasses?", "yes", Entailed),
            ("What is the hat made of?", "straw", Entailed),
            ("Is there a baby in the stroller?", "yes", Unknown),
        ],
    ),
    (
        "A yellow school bus with its headlights on drives through heavy fog.",
        &[
            ("What type of bus is this?", "school bus", Entailed),
            ("What is the weather?", "foggy", Entailed),
            ("Is it sunny?", "yes", Contradicted),
            ("What color is the bus?", "yellow", Entailed),
        ],
    ),
    (
        "Two men shake hands in front of a flag.",
        &[
            ("What are the men doing?", "shaking hands", Entailed),
            ("What is behind the men?", "a flag", Entailed),
            ("What country's flag is it?", "France", Unknown),
        ],
    ),
];
