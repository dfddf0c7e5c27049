//! Figures are added up once, by whichever replica, and whatever happens meanwhile.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use thuocdo::db::schema::{offering_rollup_rows, offering_rollups, unit_rollups};
use thuocdo::effectiveness::corrective_actions::release_due;
use thuocdo::effectiveness::measures::{OfferingSums, Rows, from_stored};
use uuid::Uuid;

use crate::fixtures::classes::{Ground, moved};
use crate::fixtures::learners::Learners;
use crate::support::killed::killed_before_writing;

type Figures = Vec<(Uuid, String, Value)>;

/// Every figure there is, of offerings and of units.
async fn figures(ground: &Ground) -> (Figures, Figures) {
    ground
        .app
        .system(async |tx| {
            let offerings = offering_rollups::table
                .order((offering_rollups::offering_id, offering_rollups::measure))
                .select((offering_rollups::offering_id, offering_rollups::measure, offering_rollups::sums))
                .load(tx.conn())
                .await?;
            let units = unit_rollups::table
                .order((unit_rollups::offering_id, unit_rollups::measure, unit_rollups::unit_id))
                .select((unit_rollups::unit_id, unit_rollups::measure, unit_rollups::sums))
                .load(tx.conn())
                .await?;
            Ok((offerings, units))
        })
        .await
        .expect("figures")
}

/// The same without who rated and by which questionnaires, which differ from ministry to ministry.
fn without_ids((offerings, units): (Figures, Figures)) -> [Vec<String>; 2] {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for name in ["by", "forms"] {
                    if let Some(Value::Object(by)) = members.get(name) {
                        let mut figures: Vec<String> = by.values().map(Value::to_string).collect();
                        figures.sort_unstable();
                        members.insert(name.to_owned(), Value::from(figures));
                    }
                }
                members.values_mut().for_each(forget);
            }
            Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    [offerings, units].map(|figures| {
        let sums = figures.into_iter().map(|(.., mut sums)| {
            forget(&mut sums);
            sums.to_string()
        });
        let mut sums: Vec<String> = sums.collect();
        sums.sort_unstable();
        sums
    })
}

/// Three classes in March, whose reactions and follow-ups are all due.
async fn three_classes() -> Ground {
    let ground = Ground::new().await;
    let learners = Learners::of(&ground, ground.course, "BVBM").await;
    for (i, code) in ["A", "B", "C"].into_iter().enumerate() {
        let class = ground.class(code).await;
        let sent = ground.send(&class, &moved(6 + i, 0.4, 0.2)).await;
        ground.react(&class, &sent, &[4.0, 3.5, 5.0, 4.5, 4.25]).await;
        ground.compare(&class, &sent, &[(3.0, 3.1), (2.8, 3.0), (3.2, 3.2)]).await;
        learners.test(&ground, &class, &sent, &[(Some(30.0), Some(62.5)); 6]).await;
        learners.judge(&ground, &class, &sent, &[[3.4, 2.8, 3.6]; 5]).await;
    }
    ground
}

#[tokio::test]
async fn added_up_again_from_the_raw_rows_the_figures_are_the_same() {
    let ground = three_classes().await;
    ground.release().await;
    let first = figures(&ground).await;
    assert_eq!((first.0.len(), first.1.len()), (21, 6), "seven measures of each class, two of them by unit");
    ground
        .app
        .system(async |tx| {
            diesel::delete(unit_rollups::table).execute(tx.conn()).await?;
            diesel::delete(offering_rollup_rows::table).execute(tx.conn()).await?;
            diesel::delete(offering_rollups::table).execute(tx.conn()).await?;
            Ok(())
        })
        .await
        .expect("the figures are gone");
    ground.release().await;
    assert_eq!(figures(&ground).await, first);
}

/// The pairs that are kept are those that were added up: no more, no fewer, and none of them another.
#[tokio::test]
async fn the_rows_add_up_to_the_figures() {
    let ground = three_classes().await;
    ground.release().await;
    let stored: Vec<(Uuid, String, Value)> = ground
        .app
        .system(async |tx| {
            use offering_rollup_rows as t;
            Ok(t::table.select((t::offering_id, t::measure, t::rows)).load(tx.conn()).await?)
        })
        .await
        .expect("rows");
    assert_eq!(stored.len(), 6, "three and six months of each class; anonymous forms have none");
    let mut pairs = 0;
    for (offering, measure, figures) in figures(&ground).await.0 {
        let Some((.., rows)) = stored.iter().find(|(id, of, _)| (*id, of) == (offering, &measure)) else {
            assert!(!["three_months", "six_months", "work_score"].contains(&measure.as_str()), "{measure}");
            continue;
        };
        let rows = from_stored::<Rows>(rows.clone()).expect("rows");
        let sums = from_stored::<OfferingSums>(figures).expect("sums");
        let found = (rows.trained(), rows.same_rater(), rows.matched(), rows.comparison(), rows.lost());
        let expected = (sums.trained, sums.same_rater, sums.matched(), sums.comparison(), sums.lost);
        assert_eq!(found, expected, "{measure}");
        pairs += rows.trained.len() + rows.comparison.len();
    }
    assert_eq!(pairs, 6 + 7 + 8 + 3 * 3);
}

#[tokio::test]
async fn many_replicas_add_up_once() {
    let ground = three_classes().await;
    let keys = ground.app.gate.keys();
    let all = (0..4).map(|_| ground.app.system(async |tx| release_due(tx, keys).await));
    let new: usize = futures::future::join_all(all).await.into_iter().map(|n| n.expect("a turn")).sum();
    assert_eq!(new, 21);
    let before = figures(&ground).await;
    ground.release().await;
    assert_eq!(figures(&ground).await, before);
}

/// The connection of a replica that adds up is cut in the middle: what it had begun is gone, nothing is there twice,
/// and the next one finishes it.
#[tokio::test]
async fn a_replica_that_dies_leaves_nothing_half_done() {
    let ground = three_classes().await;
    let undisturbed = three_classes().await;
    undisturbed.release().await;
    let expected = figures(&undisturbed).await;

    // The last table it writes.
    let keys = ground.app.gate.keys();
    let work = ground.app.system(async |tx| release_due(tx, keys).await);
    assert!(killed_before_writing(&ground.app, "unit_rollups", work).await.is_err());
    assert_eq!(figures(&ground).await, (Vec::new(), Vec::new()));

    ground.release().await;
    let found = figures(&ground).await;
    let counted = |figures: &(Figures, Figures)| (figures.0.len(), figures.1.len());
    assert_eq!(counted(&found), counted(&expected));
    assert_eq!(without_ids(found), without_ids(expected));
}
