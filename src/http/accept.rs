//! `Accept`: whether a caller takes what an operation gives (RFC 9110, section 12.5.1).

use actix_web::http::header::{ACCEPT, HeaderMap};

/// Whether one of the media types is among those a caller takes. Who says nothing takes everything.
pub fn takes_one_of(headers: &HeaderMap, offered: &[String]) -> bool {
    if !headers.contains_key(ACCEPT) {
        return true;
    }
    let values = headers.get_all(ACCEPT).map(|value| value.to_str().unwrap_or_default());
    let accepted = values.collect::<Vec<_>>().join(",");
    let ranges: Vec<(&str, f32)> =
        accepted.split(',').map(range).filter(|(range, _)| !range.is_empty()).collect();
    ranges.is_empty() || offered.is_empty() || offered.iter().any(|media| quality(&ranges, media) > 0.0)
}

/// A media range and its weight; other parameters do not matter.
fn range(text: &str) -> (&str, f32) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default();
    let weight = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
    (range, weight.map_or(1.0, |q| q.trim().parse().unwrap_or(0.0)))
}

/// What the most specific range that fits says.
fn quality(ranges: &[(&str, f32)], media: &str) -> f32 {
    let (kind, _) = media.split_once('/').unwrap_or((media, ""));
    let any_of_kind = format!("{kind}/*");
    let said =
        |wanted: &str| ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(wanted)).map(|(_, q)| *q);
    said(media).or_else(|| said(&any_of_kind)).or_else(|| said("*/*")).or_else(|| said("*")).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn takes_json(accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        takes_one_of(&headers, &["application/json".to_owned()])
    }

    #[test]
    fn the_most_specific_range_counts() {
        for good in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/csv, application/*;q=0.1",
            "*/*",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "",
            " , ",
        ] {
            assert!(takes_json(good), "{good}");
        }
        for bad in [
            "text/csv",
            "application/json;q=0, */*",
            "application/xml",
            "text/*",
            "application/json;q=0.0",
            "json",
        ] {
            assert!(!takes_json(bad), "{bad}");
        }
        assert!(takes_one_of(&HeaderMap::new(), &["application/json".to_owned()]));
    }
}
