//! Pictures from `http:` and `https:` addresses.

use std::sync::LazyLock;

use ureq::Agent;

use super::{Limits, MediaError};

/// One agent for all, so that a server's connection is used again.
static AGENT: LazyLock<Agent> = LazyLock::new(|| agent(Agent::config_builder()));

fn agent(settings: ureq::config::ConfigBuilder<ureq::typestate::AgentScope>) -> Agent {
    settings
        .max_redirects(5)
        .user_agent(concat!("capscope/", env!("CARGO_PKG_VERSION")))
        .accept("image/*")
        .build()
        .into()
}

/// The body behind an address: within the time and size limits, after at most five redirects.
pub(super) fn fetch(address: &str, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    fetch_by(&AGENT, address, limits)
}

fn fetch_by(agent: &Agent, address: &str, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("http" | "https")) {
        return Err(MediaError::NotHttp(address.to_owned()));
    }
    let request = agent.get(address).config().timeout_global(Some(limits.url_timeout)).build();
    let mut response = request.call().map_err(|error| explained(&error, address, limits))?;
    if response.body().content_length().is_some_and(|length| length > limits.bytes) {
        return Err(MediaError::TooManyBytes(limits.bytes));
    }
    // The body limit counts as reached at the last byte allowed.
    let body = response.body_mut().with_config().limit(limits.bytes.saturating_add(1));
    body.read_to_vec().map_err(|error| explained(&error, address, limits))
}

fn explained(error: &ureq::Error, address: &str, limits: &Limits) -> MediaError {
    let words = match error {
        ureq::Error::BodyExceedsLimit(_) => return MediaError::TooManyBytes(limits.bytes),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => return MediaError::NotHttp(address.to_owned()),
        ureq::Error::StatusCode(404) => "the server has no such picture (404)".to_owned(),
        ureq::Error::StatusCode(code @ (401 | 403)) => format!("the server refuses it ({code})"),
        ureq::Error::StatusCode(410) => "the picture is gone (410)".to_owned(),
        ureq::Error::StatusCode(code) => format!("the server answers {code}"),
        ureq::Error::Timeout(_) => format!("no answer within {} s", limits.url_timeout.as_secs()),
        ureq::Error::HostNotFound => "there is no such server".to_owned(),
        ureq::Error::TooManyRedirects => "too many redirects".to_owned(),
        other => other.to_string(),
    };
    MediaError::Network(words)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    /// Answers one connection after the other with these texts, and says where.
    fn server(answers: Vec<String>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let own = address.clone();
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((mut stream, _)) = listener.accept() else { return };
                let mut lines = BufReader::new(stream.try_clone().expect("cloned")).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let _ = stream.write_all(answer.replace("OWN", &own).as_bytes());
            }
        });
        address
    }

    fn get(address: &str) -> Result<Vec<u8>, String> {
        let limits =
            Limits { bytes: 10, fetch_urls: true, url_timeout: Duration::from_secs(20), ..Limits::default() };
        let direct = agent(Agent::config_builder().proxy(None));
        fetch_by(&direct, address, &limits).map_err(|error| error.to_string())
    }

    fn answer(head: &str, body: &str) -> String {
        format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n{body}")
    }

    #[test]
    fn bodies_come_up_to_the_limit() {
        let body = |length: usize| answer("200 OK", &"x".repeat(length));
        assert_eq!(get(&server(vec![body(10)])), Ok(b"xxxxxxxxxx".to_vec()));
        assert_eq!(get(&server(vec![body(5000)])), Err("too large: more than 10 B".to_owned()));
        let announced = answer("200 OK\r\nContent-Length: 5000", "x");
        assert_eq!(get(&server(vec![announced])), Err("too large: more than 10 B".to_owned()));
    }

    #[test]
    fn servers_that_say_no() {
        let table = [
            ("404 Not Found", "cannot fetch: the server has no such picture (404)"),
            ("403 Forbidden", "cannot fetch: the server refuses it (403)"),
            ("503 Busy", "cannot fetch: the server answers 503"),
        ];
        for (head, expected) in table {
            assert_eq!(get(&server(vec![answer(head, "")])), Err(expected.to_owned()));
        }
        let round = vec![answer("302 Found\r\nLocation: OWN/again", ""); 9];
        assert_eq!(get(&server(round)), Err("cannot fetch: too many redirects".to_owned()));
        let away = vec![answer("302 Found\r\nLocation: file:///etc/passwd", "")];
        assert!(get(&server(away)).is_err());
    }

    #[test]
    fn only_http_addresses_are_asked() {
        for address in ["file:///etc/passwd", "ftp://x/y", "x.jpg", "", "http://", "http://[", "https://a b/"]
        {
            let error = get(address).expect_err(address);
            assert!(error.starts_with("not an http address") || error.starts_with("cannot fetch"), "{error}");
        }
    }
}
