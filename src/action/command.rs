//! Everything that a user can ask a screen to do.

macro_rules! actions {
    ($($(#[$hidden:ident])? $variant:ident $name:literal $help:literal,)*) => {
        /// A thing that a user can ask for. What it means in detail is up to the pane that has the keys.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $help] $variant,)*
        }

        impl Action {
            /// Every action, in the order in which help shows them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in the palette and in a keymap file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it does, in a few words.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }
        }
    };
}

actions! {
    Down "down" "one row down",
    Up "up" "one row up",
    HalfDown "half page down" "half a page down",
    HalfUp "half page up" "half a page up",
    PageDown "page down" "a page down",
    PageUp "page up" "a page up",
    First "first" "to the first row; with a count, to that row",
    Last "last" "to the last row; with a count, to that row",
    NextSample "next sample" "the next sample, from any pane",
    PreviousSample "previous sample" "the sample before, from any pane",
    NextHit "next hit" "the next lit word of the text, then the next sample",
    PreviousHit "previous hit" "the lit word before, then the sample before",
    Search "search" "type a query",
    ClearQuery "show all" "drop the query and show all samples",
    Shuffle "shuffle" "the hits in random order; again for another order",
    Undo "undo" "take back what you did last: a query, a tag, a note, a decision",
    Redo "redo" "do again what was taken back last",
    FocusNext "next pane" "give the keys to the next pane",
    FocusPrevious "previous pane" "give the keys to the pane before",
    Open "open" "open the sample; on a node, field, flag or bar, search for it",
    Back "back" "back to where you came from",
    Zoom "zoom" "this pane alone, or all of them again",
    ZoomPicture "zoom picture" "the picture alone, or all panes again",
    ShowPicture "view picture" "the picture on the whole screen, and back",
    Larger "larger" "closer to the picture; in the gallery, larger thumbnails",
    Smaller "smaller" "further from the picture; in the gallery, smaller thumbnails",
    Whole "whole picture" "all of the picture again",
    PairView "pair" "two of the sample's pictures side by side, or one",
    ToggleBoxes "boxes" "boxes of descriptors on the picture, or none",
    NextPicture "next picture" "the sample's next picture",
    PreviousPicture "previous picture" "the sample's picture before",
    Fold "fold" "fold this node, or go to the one above it",
    Unfold "unfold" "unfold this node, or go into it",
    ToggleFold "fold or unfold" "fold or unfold this node or value",
    FoldAll "fold all" "fold every node",
    UnfoldAll "unfold all" "unfold every node",
    GoExplore "explore" "the samples: list, picture, text, descriptors",
    GoGallery "gallery" "the hits as thumbnails, as many as fit",
    ToggleGallery "list or thumbnails" "from the list to the thumbnails of the gallery, and back",
    GoFlags "flags" "what is wrong with the samples of the query, by reason",
    GoCoverage "coverage" "what the samples of the query cover, against the rest",
    GoPairs "pairs" "samples that are alike and yet differ, with what differs",
    GoQuestions "questions" "how far captions answer the questions, and which add most",
    GoNearest "nearest" "what this sample differs in from those that are nearest to it",
    FindPairs "find pairs" "type what pairs are to differ in, as in change:color",
    AcceptPair "accept pair" "this is a good pair; on to the next",
    RejectPair "reject pair" "this is none; on to the next",
    UndecidePair "undecided pair" "nobody knows yet; on to the next",
    Mark "mark" "tag this sample `marked`, or untag it, and go to the next",
    Tag "tag" "tags of this sample: give one, take one, make one",
    TagAll "tag all" "give all hits of the query a tag, or take it from them",
    Note "note" "write a note on this sample",
    SavedQueries "saved queries" "queries that have a name: go to one, or name this one",
    Export "export" "write the hits to a file that other programs read; again to stop it",
    CopyId "copy id" "copy the sample's id",
    CopyCaption "copy caption" "copy the sample's first caption",
    CopyCaptions "copy captions" "copy all captions of the sample",
    CopyPath "copy path" "copy the path of the sample's picture",
    CopyJson "copy JSON" "copy the sample as JSON",
    CopyQuery "copy query" "copy the query",
    TakeAway "take away" "take the tag from all hits; forget the saved query",
    SaveAs "save as" "save the query by the name that is typed, or that the cursor is on",
    BindDigit "bind digit" "have the digit stand for the tag, or no longer: it then gives and takes it",
    GoSpot "spot-check" "how many samples are wrong, by looking at a few",
    JudgeRight "right verdict" "nothing is wrong with the sample; on to the next",
    JudgeWrong "wrong verdict" "something is wrong with it; on to the next",
    JudgeFor "wrong for a reason" "it is wrong for the reason with that digit; on to the next",
    JudgeUnsure "unsure verdict" "nobody can tell; on to the next",
    PutOff "put off" "judge this sample at the end",
    SampleBack "sample judged before" "back to the sample before, to judge it anew",
    UndoVerdict "take back" "take back the verdict that was given last",
    RedoVerdict "give again" "give the verdict that was taken back again",
    EditReasons "edit reasons" "edit the reasons for which samples of this spot-check may be wrong",
    NextFact "next fact" "the next words of the text that say a fact; its node is chosen",
    PreviousFact "fact before" "the words before that say a fact; its node is chosen",
    LowerThreshold "lower threshold" "the threshold one bar down",
    RaiseThreshold "raise threshold" "the threshold one bar up",
    LowerThresholdFar "lower threshold far" "the threshold a tenth of the bars down",
    RaiseThresholdFar "raise threshold far" "the threshold a tenth of the bars up",
    ResetThreshold "reset threshold" "the threshold as the table of rules has it",
    Reorder "reorder" "flags by count or as in their table, pairs by score or kind, questions by number or by what they add",
    NextPage "next page" "the next page of the coverage",
    PreviousPage "page before" "the page of the coverage before this one",
    Left "left" "one to the left: level, column, thumbnail, part of a picture; in a tree, fold; of a pair, text up; of questions, the table",
    Right "right" "one to the right: level, column, thumbnail, part of a picture; in a tree, unfold; of a pair, text down; of questions, those that add most",
    Help "help" "every key and query field; type to find one",
    Palette "palette" "find a command by its name",
    Messages "messages" "every message so far",
    ToggleMouse "mouse on or off" "leave the mouse to the terminal, or take it back",
    Redraw "redraw" "draw the screen anew",
    Suspend "suspend" "stop the program; fg brings it back",
    Quit "close" "close what is open, else leave the program",
    QuitNow "quit" "leave the program",
    Cancel "cancel" "leave the program; with --print, print nothing",
    CursorLeft "cursor left" "one character to the left",
    CursorRight "cursor right" "one character to the right",
    WordLeft "word left" "one word to the left",
    WordRight "word right" "one word to the right",
    LineStart "line start" "to the start of the line",
    LineEnd "line end" "to the end of the line",
    DeleteLeft "delete left" "delete the character before the cursor",
    DeleteRight "delete right" "delete the character under the cursor",
    KillWordLeft "delete word" "delete the word before the cursor",
    KillWordRight "delete next word" "delete the word after the cursor",
    KillToStart "delete to start" "delete all before the cursor",
    KillToEnd "delete to end" "delete all after the cursor",
    PutBack "put back" "put back what was deleted last",
    HistoryBack "older query" "the query typed before this one",
    HistoryForward "newer query" "the query typed after this one",
    Complete "complete" "what could stand here, with counts; again for the next",
    CompletePrevious "complete back" "the completion before",
    Accept "accept" "keep the query and go to the list",
}

impl Action {
    /// Whether it makes sense in the palette: not for keys of a line being typed.
    pub fn in_palette(self) -> bool {
        let place = |wanted: Self| Self::ALL.iter().position(|action| *action == wanted);
        place(self) < place(Self::CursorLeft) && self != Self::Palette
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_told_apart() {
        let names: HashSet<_> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
        assert!(Action::Undo.in_palette() && !Action::WordLeft.in_palette());
    }
}
