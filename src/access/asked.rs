//! The `scope` that a client asks for (RFC 6749, section 3.3): its tokens allow no more than that, and never more than
//! the account's roles.

use super::permission::Permission;

/// The permissions that were asked for; all that the roles grant where none were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedScope(Option<Vec<Permission>>);

impl AskedScope {
    /// The scope of a request: names divided by spaces. `None` where a name is no permission.
    pub fn parse(scope: Option<&str>) -> Option<Self> {
        let names: Vec<&str> = scope.unwrap_or_default().split_ascii_whitespace().collect();
        if names.is_empty() {
            return Some(Self(None));
        }
        let mut asked = names.into_iter().map(Permission::of_name).collect::<Option<Vec<_>>>()?;
        let mut seen = Vec::new();
        asked.retain(|permission| {
            !seen.contains(permission) && {
                seen.push(*permission);
                true
            }
        });
        Some(Self(Some(asked)))
    }

    /// What a login or a token remembers of a scope; names that are no permissions any more allow nothing.
    pub fn remembered(scope: Option<&str>) -> Self {
        Self(scope.map(|scope| scope.split_ascii_whitespace().filter_map(Permission::of_name).collect()))
    }

    /// The names, where some were asked for.
    pub fn text(&self) -> Option<String> {
        self.0.as_ref().map(|asked| asked.iter().map(|p| p.name()).collect::<Vec<_>>().join(" "))
    }

    /// Whether it includes a permission.
    pub fn allows(&self, permission: Permission) -> bool {
        self.0.as_ref().is_none_or(|asked| asked.contains(&permission))
    }

    /// What of an earlier scope is asked for now; `None` where more is asked for than was granted then.
    pub fn of_earlier(self, earlier: Self) -> Option<Self> {
        match &self.0 {
            None => Some(earlier),
            Some(asked) => asked.iter().all(|p| earlier.allows(*p)).then_some(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::{CourseRead, UnitRead};

    #[test]
    fn a_scope_names_permissions() {
        let everything = AskedScope::parse(None).unwrap();
        assert_eq!(AskedScope::parse(Some(" ")), Some(everything.clone()));
        assert!(everything.allows(UnitRead));
        let units = AskedScope::parse(Some("units:read")).unwrap();
        assert_eq!((units.allows(UnitRead), units.allows(CourseRead)), (true, false));
        assert_eq!(AskedScope::parse(Some("units:read  units:read")), Some(units.clone()));
        assert_eq!(AskedScope::remembered(units.text().as_deref()), units);
        for nonsense in ["nonsense:read", "units:read nonsense", "UNITS:READ", "units:read,courses:read"] {
            assert_eq!(AskedScope::parse(Some(nonsense)), None, "{nonsense}");
        }
    }

    #[test]
    fn a_refresh_asks_for_no_more_than_before() {
        let of = |scope: &str| AskedScope::parse(Some(scope)).unwrap();
        assert_eq!(of("").of_earlier(of("units:read")), Some(of("units:read")));
        assert_eq!(of("units:read").of_earlier(of("")), Some(of("units:read")));
        assert_eq!(of("units:read").of_earlier(of("units:read courses:read")), Some(of("units:read")));
        assert_eq!(of("units:read courses:read").of_earlier(of("units:read")), None);
    }
}
