//! Who is at the other end, for callers without a token.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;

/// Address of the caller: the socket's, or with trusted proxies in front what the outermost of them saw. Everything
/// further left in `X-Forwarded-For` is the caller's own word.
pub fn address(req: &HttpRequest, trusted_proxies: usize) -> IpAddr {
    let socket = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |a| a.ip());
    if trusted_proxies == 0 {
        return socket.to_canonical();
    }
    let headers = req.headers().get_all("x-forwarded-for").filter_map(|h| h.to_str().ok());
    let hops: Vec<&str> = headers.flat_map(|h| h.split(',')).collect();
    seen_by_proxies(&hops, trusted_proxies).unwrap_or(socket).to_canonical()
}

fn seen_by_proxies(hops: &[&str], trusted_proxies: usize) -> Option<IpAddr> {
    let place = hops.len().checked_sub(trusted_proxies).filter(|_| trusted_proxies > 0)?;
    let hop = hops.get(place)?.trim();
    // Some proxies add the port.
    let with_port = || hop.parse::<SocketAddr>().ok().map(|a| a.ip());
    hop.trim_matches(['[', ']']).parse().ok().or_else(with_port)
}

/// The network of an address, ever wider: 0 is the host (IPv6 hosts own a /64), 1 its network, beyond that everyone.
pub fn network(address: IpAddr, width: u8) -> String {
    match (address, width) {
        (IpAddr::V4(a), 0) => a.to_string(),
        (IpAddr::V4(a), 1) => format!("{}/24", Ipv4Addr::from_bits(a.to_bits() & 0xffff_ff00)),
        (IpAddr::V6(a), 0) => format!("{:x}/64", a.to_bits() >> 64),
        (IpAddr::V6(a), 1) => format!("{:x}/48", a.to_bits() >> 80),
        _ => "everyone".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_trusted_proxies_saw_counts() {
        let hops = ["9.9.9.9", " 203.0.113.7", "10.0.0.2:4711"];
        let seen = |n| seen_by_proxies(&hops, n).map(|a| a.to_string());
        assert_eq!(seen(0), None);
        assert_eq!(seen(1).as_deref(), Some("10.0.0.2"));
        assert_eq!(seen(2).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(4), None, "fewer hops than proxies: somebody came round them");
        assert_eq!(seen_by_proxies(&["unknown"], 1), None);
    }

    #[test]
    fn networks_widen() {
        let v4: IpAddr = "203.0.113.77".parse().unwrap();
        assert_eq!([0, 1, 2].map(|w| network(v4, w)), ["203.0.113.77", "203.0.113.0/24", "everyone"]);
        let [a, b]: [IpAddr; 2] = ["2001:db8:1:2::1", "2001:db8:1:2::ffff"].map(|a| a.parse().unwrap());
        assert_eq!(network(a, 0), network(b, 0));
    }
}
