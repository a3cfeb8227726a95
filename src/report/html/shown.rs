//! Single samples on the page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::pictures::PictureShown;
use super::markup::Html;

impl Html {
    /// A picture, or why there is none.
    pub(super) fn picture(&mut self, picture: Option<&PictureShown>, id: &str) -> &mut Self {
        self.raw("<div class=\"picture\">");
        match picture {
            None => self.raw("<p class=\"missing\">no picture</p>"),
            Some(PictureShown { small: Some(small), .. }) => {
                let (width, height) = small.size;
                self.raw("<img").attribute("alt", format_args!("picture of {}", crate::ui::safe(id)));
                self.attribute("width", width)
                    .attribute("height", height)
                    .raw(" src=\"data:image/jpeg;base64,");
                self.text(STANDARD.encode(&small.jpeg)).raw("\">")
            }
            Some(PictureShown { missing, name, .. }) => {
                self.raw("<p class=\"missing\">").data(missing.as_deref().unwrap_or("not shown"));
                self.raw("<br><small>").data(name).raw("</small></p>")
            }
        };
        self.raw("</div>")
    }

    /// The id of a sample.
    pub(super) fn id(&mut self, id: &str) -> &mut Self {
        self.raw("<p class=\"id\"><code>").data(id).raw("</code></p>")
    }

    /// What nobody has found.
    pub(super) fn nothing(&mut self, what: &'static str) -> &mut Self {
        self.raw("<p class=\"nothing\">").raw(what).raw("</p>\n")
    }
}
