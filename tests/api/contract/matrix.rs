use std::fmt::Write;

use thuocdo::access::{Permission, Role, policy};

use crate::support::app::DOCUMENT;

/// Who may call what, and how far it reaches: a policy change is a reviewable difference of this table.
#[test]
fn who_may_do_what() {
    let mut table = format!("{:<62}", "");
    for role in Role::ALL {
        let _ = write!(table, "{:<18}", role.name());
    }
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(scope) = operation["security"][0]["oauth2"][0].as_str() else {
                continue;
            };
            let permission = Permission::ALL.iter().find(|p| p.name() == scope).expect("a known scope");
            let _ = write!(table, "\n{:<62}", format!("{:<6} {path}", method.to_uppercase()));
            for role in Role::ALL {
                let _ = write!(
                    table,
                    "{:<18}",
                    policy::grant(role, *permission).map_or("-", policy::Scope::name)
                );
            }
        }
    }
    let table: String = table.lines().map(|l| format!("{}\n", l.trim_end())).collect();
    insta::assert_snapshot!("matrix", table);
}
