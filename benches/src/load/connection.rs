//! One connection that is kept open (HTTP/1.1), with one request at a time on it.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The end of the headers.
const HEADERS_END: &[u8] = b"\r\n\r\n";
/// The end of a body of unknown length.
const CHUNKS_END: &[u8] = b"0\r\n\r\n";

/// A connection to a server.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What a server answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Status code.
    pub status: u16,
    /// Body; with the marks of its chunks where it came in chunks.
    pub body: &'a [u8],
    is_chunked: bool,
}

impl Answer<'_> {
    /// The body as text, without the marks of chunks.
    pub fn text(&self) -> String {
        if !self.is_chunked {
            return String::from_utf8_lossy(self.body).into_owned();
        }
        let (mut rest, mut whole) = (self.body, Vec::new());
        while let Some(at) = find(rest, b"\r\n") {
            let (size, after) = rest.split_at(at);
            let size = std::str::from_utf8(size).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
            let Some(size) = size.filter(|size| *size > 0) else { break };
            let Some(data) = after.get(2..2 + size) else { break };
            whole.extend_from_slice(data);
            rest = after.get(2 + size + 2..).unwrap_or_default();
        }
        String::from_utf8_lossy(&whole).into_owned()
    }
}

/// Where the body of an answer is, and whether it comes in chunks.
enum Body {
    Length(usize),
    Chunks,
}

impl Connection {
    /// Connect.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(32 * 1024) })
    }

    /// Send a request and read its answer.
    ///
    /// # Errors
    /// When the connection ends before the answer does.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(at) = find(&self.buffer, HEADERS_END) {
                break at;
            }
            self.read_more().await?;
        };
        let start = head + HEADERS_END.len();
        let (status, body) = parse(self.buffer.get(..head).unwrap_or_default())?;
        let is_chunked = matches!(body, Body::Chunks);
        match body {
            Body::Length(length) => {
                while self.buffer.len() < start + length {
                    self.read_more().await?;
                }
            }
            Body::Chunks => {
                while !self.buffer.get(start..).unwrap_or_default().ends_with(CHUNKS_END) {
                    self.read_more().await?;
                }
            }
        }
        Ok(Answer { status, body: self.buffer.get(start..).unwrap_or_default(), is_chunked })
    }

    async fn read_more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn parse(head: &[u8]) -> Result<(u16, Body)> {
    let wrong = || Error::new(ErrorKind::InvalidData, "this is no answer of HTTP/1.1");
    let text = std::str::from_utf8(head).map_err(|_| wrong())?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).ok_or_else(wrong)?;
    let mut body = Body::Length(0);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body = Body::Length(value.trim().parse().map_err(|_| wrong())?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            body = Body::Chunks;
        }
    }
    Ok((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let (status, body) = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx: y").unwrap();
        assert!(status == 200 && matches!(body, Body::Length(12)));
        assert!(matches!(parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked"), Ok((200, Body::Chunks))));
        assert!(parse(b"nothing").is_err());
        let chunked = Answer { status: 200, body: b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", is_chunked: true };
        assert_eq!(chunked.text(), "abcde");
    }
}
