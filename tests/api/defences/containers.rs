//! What the containers may take and do, read from the Compose file: there is no engine here to ask.

const COMPOSE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docker-compose.yml"));
const IMAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/Dockerfile"));

/// The lines of a block, with those of the anchors it takes over.
fn block(start: &str) -> String {
    let indent = start.len() - start.trim_start().len();
    let after = COMPOSE.split(&format!("\n{start}")).nth(1).unwrap_or_else(|| panic!("{start}"));
    let (_, after) = after.split_once('\n').expect("lines");
    let inside = |line: &&str| line.trim().is_empty() || line.len() - line.trim_start().len() > indent;
    let own: String = after.lines().take_while(inside).map(|line| format!("{}\n", line.trim())).collect();
    let merged =
        own.lines().filter_map(|line| line.strip_prefix("<<: *")).filter(|name| *name != "environment");
    let taken: String = merged.map(|name| block(&format!("x-{name}: &{name}"))).collect();
    own + &taken
}

fn services() -> Vec<(&'static str, String)> {
    ["postgres", "migrate", "api", "replica", "proxy"].map(|name| (name, block(&format!("  {name}:")))).into()
}

#[test]
fn every_container_is_bounded_and_may_do_little() {
    for (name, block) in services() {
        for needed in
            ["mem_limit: ", "pids_limit: ", "read_only: true", "cap_drop:\n- ALL", "- no-new-privileges:true"]
        {
            assert!(block.contains(needed), "{name} has no {needed}: {block}");
        }
    }
}

#[test]
fn images_are_pinned_to_a_minor_version() {
    let from = IMAGE.lines().filter_map(|l| l.strip_prefix("FROM ")?.split(' ').next());
    let images =
        COMPOSE.lines().filter_map(|l| l.trim().strip_prefix("image: ")).filter(|i| *i != "thuocdo:local");
    let all: Vec<&str> = from.chain(images).collect();
    assert_eq!(all.len(), 4, "{all:?}");
    for image in all {
        let tag = image.split_once(':').map(|(_, tag)| tag).unwrap_or_default();
        let version = tag.split('-').next().unwrap_or_default();
        let is_minor = version.split('.').filter(|part| part.parse::<u32>().is_ok()).count() >= 2;
        assert!(is_minor || image.contains("@sha256:"), "{image}");
    }
}

#[test]
fn the_service_runs_under_a_role_of_its_own_and_no_password_is_in_the_environment() {
    let blocks = services();
    let of = |name: &str| &blocks.iter().find(|(n, _)| *n == name).expect("a service").1;
    assert!(of("migrate").contains("\"--service-role\", \"thuocdo_service\""));
    assert!(of("migrate").contains("postgres://thuocdo@"));
    assert!(of("api").contains("secrets: [service, answers]") && !of("api").contains("owner"));
    assert!(COMPOSE.contains("DATABASE_URL: postgres://thuocdo_service@postgres"));
    assert!(!COMPOSE.contains("POSTGRES_PASSWORD:") && !COMPOSE.contains("only-for-local-use"));
}
