//! Why a token is refused.

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $text:literal;)+) => {
        /// Why a token is refused. The words go into `WWW-Authenticate`, for the client's developer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum TokenFault { $($(#[$doc])* $variant,)+ }

        impl TokenFault {
            /// Every fault.
            pub const ALL: &[TokenFault] = &[$(TokenFault::$variant,)+];

            /// Stable code: member `reason` of the problem document.
            pub fn code(self) -> &'static str {
                match self { $(TokenFault::$variant => $code,)+ }
            }

            /// In words: `error_description` of RFC 6750, section 3.
            pub fn description(self) -> &'static str {
                match self { $(TokenFault::$variant => $text,)+ }
            }
        }
    };
}

faults! {
    /// Longer than 8 KiB.
    TooLong = "too_long", "the token is longer than 8 KiB";
    /// Not three base64url parts with a JSON header.
    Malformed = "malformed", "not a signed token in compact form";
    /// `crit`: an extension that must be understood, and is not.
    CriticalHeader = "critical_header", "the header names critical extensions";
    /// A header that tokens of this service never have (a key, an address of keys, a compression).
    UnexpectedHeader = "unexpected_header", "the header has members that tokens of this service never have";
    /// `typ` of another kind of token.
    WrongType = "wrong_type", "of a type that is not accepted here";
    /// `alg` is not the one of the key.
    WrongAlgorithm = "wrong_algorithm", "signed with an algorithm that is not the key's";
    /// `kid` of no key that is published.
    UnknownKey = "unknown_key", "signed with a key that is not published";
    /// The signature is not of these bytes and this key.
    BadSignature = "bad_signature", "the signature does not fit";
    /// A claim is missing, of the wrong type, twice there, or unknown.
    BadClaims = "bad_claims", "a claim is missing or has the wrong form";
    /// Made by somebody else.
    WrongIssuer = "wrong_issuer", "made by another issuer";
    /// Made for somebody else.
    WrongAudience = "wrong_audience", "made for another audience";
    /// The subject is not who it must be.
    WrongSubject = "wrong_subject", "made for another subject";
    /// Over.
    Expired = "expired", "expired";
    /// Not yet begun.
    NotYetValid = "not_yet_valid", "not valid yet";
    /// Made to live longer than allowed.
    LivesTooLong = "lives_too_long", "valid for longer than allowed";
    /// Signed out, ended by its owner, or the account was closed or changed.
    Revoked = "revoked", "revoked";
    /// Meant to be used once, and used before.
    Replayed = "replayed", "used before";
}
