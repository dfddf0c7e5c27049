//! Which colleagues the participants are compared with.
//!
//! People are often sent to a course after a bad spell, and the next spell is nearer to their usual level whether they
//! learn anything or not (regression to the mean). Colleagues drawn by lot had no such spell, so a course that changes
//! nothing would look like a gain. A comparison group must be alike before the course (What Works Clearinghouse,
//! Procedures and Standards Handbook 5.0, on baseline equivalence). Likeness is sought in official ratings of earlier
//! periods, never in the supervisor's rating before the course: two people whom one uncertain rating shows equally low
//! may usually work at different levels, to which each returns, and that difference would look like an effect.
//!
//! Nothing here reads the database or a clock: the same people and dates give the same comparison, in whatever order they
//! come.

pub mod lot;
mod rank;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use chrono::{Months, NaiveDate};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use super::model::{EarlierScore, Run, Units};
use crate::organisation::ratings::RatingClass;
use rank::CLASSES;
pub use rank::{Distance, Likeness, Place, Rank, Tier};

/// Most offerings in which one person is in the comparison group, among those whose first sessions lie within
/// [`CAP_MONTHS`] of each other. Each costs the supervisor three forms.
pub const MOST_OFFERINGS: usize = 2;
/// Months within which offerings count together for [`MOST_OFFERINGS`].
pub const CAP_MONTHS: u32 = 12;
/// Ended periods of which an earlier score is the mean, at most.
pub const EARLIER_PERIODS: i32 = 4;

/// Someone who works in a unit, in a position of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The person.
    pub employee_id: Uuid,
    /// The unit in which the person works.
    pub unit_id: Uuid,
    /// The group of the person's job position; holders of positions of one group can replace each other.
    pub position_group: String,
}

/// What official ratings of periods that have ended say of somebody's work, as known on the day of matching.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EarlierWork {
    /// The class of the newest rated period; `None` where there is no rating.
    pub class: Option<RatingClass>,
    /// The score of the newest periods; `None` where they have a class only.
    pub score: Option<EarlierScore>,
}

/// A participant who has nobody to be compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The participant.
    pub participant_id: Uuid,
    /// The offering in which the person takes part.
    pub offering_id: Uuid,
    /// The course that is offered.
    pub course_id: Uuid,
    /// The form on which the participant is rated; the colleague is rated on the same.
    pub questionnaire_id: Uuid,
    /// When the offering takes place.
    pub run: Run,
    /// The person who takes part.
    pub trainee: Colleague,
}

/// A participant and the colleague whom he or she is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The participant, with the offering.
    pub participant: Unmatched,
    /// Who is rated at the same times and not trained.
    pub colleague: Colleague,
    /// Who rates the colleague.
    pub supervisor_id: Uuid,
    /// How alike the two are.
    pub rank: Rank,
}

/// Who can be in a comparison group, and who cannot.
#[derive(Debug, Default)]
pub struct Pool {
    /// Active people of the position groups in question, and those who wait.
    pub colleagues: Vec<Colleague>,
    /// Course and employee: on the waiting list.
    pub waiting: HashSet<(Uuid, Uuid)>,
    /// What is known of the earlier work of colleagues and trainees, by employee; of people who are absent, nothing is.
    pub earlier_work: HashMap<Uuid, EarlierWork>,
    /// What colleagues are engaged in.
    pub engaged: Engaged,
}

/// What keeps people from standing for comparison.
#[derive(Debug, Default)]
pub struct Engaged {
    /// Course and employee: nominated or trained.
    pub trained: HashSet<(Uuid, Uuid)>,
    /// Offering and employee: already rated in this offering, or rating there beside a supervisor.
    pub used: HashSet<(Uuid, Uuid)>,
    /// Days of the first sessions of the offerings in whose comparison groups people are, by employee.
    pub stood: HashMap<Uuid, Vec<NaiveDate>>,
}

impl Engaged {
    fn is_free(&self, participant: &Unmatched, employee: Uuid) -> bool {
        employee != participant.trainee.employee_id && self.is_open(participant, employee)
    }

    /// Whether somebody can be in the offering's comparison group at all, for any participant.
    fn is_open(&self, participant: &Unmatched, employee: Uuid) -> bool {
        !self.trained.contains(&(participant.course_id, employee))
            && !self.used.contains(&(participant.offering_id, employee))
            && !is_full(self.stood_near(participant, employee), participant.run.first())
    }

    /// First sessions within twelve months of the participant's in whose comparison groups somebody is.
    fn stood_near(&self, participant: &Unmatched, employee: Uuid) -> impl Iterator<Item = NaiveDate> {
        let first = participant.run.first();
        let stood = self.stood.get(&employee).map(Vec::as_slice).unwrap_or_default();
        stood.iter().copied().filter(move |day| are_near(first, *day))
    }

    fn take(&mut self, participant: &Unmatched, employee: Uuid) {
        self.used.insert((participant.offering_id, employee));
        self.stood.entry(employee).or_default().push(participant.run.first());
    }
}

/// Whether two days lie within [`CAP_MONTHS`] of each other, the same day of the year included.
fn are_near(one: NaiveDate, other: NaiveDate) -> bool {
    let (earlier, later) = (one.min(other), one.max(other));
    earlier.checked_add_months(Months::new(CAP_MONTHS)).is_none_or(|end| later <= end)
}

/// Whether with one offering more, too many would lie within twelve months of each other. A day before and one after may
/// each be near to it, and not to each other.
fn is_full(near: impl Iterator<Item = NaiveDate>, more: NaiveDate) -> bool {
    let mut days: Vec<NaiveDate> = near.chain([more]).collect();
    days.sort_unstable();
    days.windows(MOST_OFFERINGS + 1).any(|together| {
        let ends = together.first().zip(together.last());
        together.contains(&more) && ends.is_some_and(|(first, last)| are_near(*first, *last))
    })
}

impl Pool {
    /// Colleagues who may be drawn for one of the participants. Only what is known of their earlier work can matter.
    pub fn in_question(&self, unmatched: &[Unmatched]) -> Vec<Uuid> {
        // One participant represents all of the same offering and position group.
        let like: HashMap<(Uuid, &str), &Unmatched> = unmatched
            .iter()
            .map(|participant| {
                ((participant.offering_id, participant.trainee.position_group.as_str()), participant)
            })
            .collect();
        let comes_in_question = |colleague: &&Colleague| {
            like.iter().any(|(&(_, group), participant)| {
                let course = (participant.course_id, colleague.employee_id);
                (colleague.position_group == group || self.waiting.contains(&course))
                    && self.engaged.is_free(participant, colleague.employee_id)
            })
        };
        self.colleagues.iter().filter(comes_in_question).map(|colleague| colleague.employee_id).collect()
    }

    /// Draw one colleague for each participant, once in an offering: the best [`Rank`], within it by a lot that the
    /// offering and the colleague decide, so that the draw can be repeated and does not always fall on the same people.
    /// A colleague without a supervisor cannot be rated. Participants for whom there is no colleague are not in the
    /// answer.
    ///
    /// A participant who chose freely might take the only colleague of another's class and have had others. So all are
    /// served [`Tier`] by tier: colleagues of another class are given away only after everybody has had the chance of
    /// one of the same class. Within a tier, participants choose in turn, those first of whose class fewest
    /// colleagues are free, as they have least to choose from. That is no best solution, but near to it, and can be
    /// explained to the people concerned.
    pub fn draw(&mut self, mut unmatched: Vec<Unmatched>, units: &Units) -> Vec<Matched> {
        let register = Register::new(&self.colleagues, &self.waiting, &self.earlier_work, units);
        let engaged = &mut self.engaged;
        register.sort(&mut unmatched, engaged);
        let mut matched = Vec::new();
        for tier in Tier::all() {
            unmatched.retain(|participant| {
                let best = register.best(tier, participant, engaged);
                if let Some((rank, person, supervisor_id)) = best {
                    let colleague = person.colleague.clone();
                    engaged.take(participant, colleague.employee_id);
                    matched.push(Matched {
                        participant: participant.clone(),
                        colleague,
                        supervisor_id,
                        rank,
                    });
                }
                best.is_none()
            });
        }
        matched
    }
}

/// A person with what is looked up once.
#[derive(Debug, Clone, Copy)]
struct Person<'a> {
    colleague: &'a Colleague,
    work: EarlierWork,
    agency: Option<Uuid>,
}

/// A colleague and the supervisor.
type Candidate<'a> = (Person<'a>, Uuid);

/// The colleagues who can be rated, by what is looked for in them: a participant meets only those of a tier, not the
/// whole ministry.
struct Register<'a> {
    /// By position group and class.
    by_work: HashMap<(&'a str, Option<RatingClass>), Vec<Candidate<'a>>>,
    /// Those who wait, by course and class.
    by_course: HashMap<(Uuid, Option<RatingClass>), Vec<Candidate<'a>>>,
    earlier_work: &'a HashMap<Uuid, EarlierWork>,
    units: &'a Units,
}

impl<'a> Register<'a> {
    fn new(
        colleagues: &'a [Colleague],
        waiting: &HashSet<(Uuid, Uuid)>,
        earlier_work: &'a HashMap<Uuid, EarlierWork>,
        units: &'a Units,
    ) -> Self {
        let mut courses: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (course, employee) in waiting {
            courses.entry(*employee).or_default().push(*course);
        }
        let mut register = Self { by_work: HashMap::new(), by_course: HashMap::new(), earlier_work, units };
        for colleague in colleagues {
            let Some(supervisor) = units.supervisor(colleague.unit_id, colleague.employee_id) else {
                continue;
            };
            let person = register.person(colleague);
            let (group, class) = (colleague.position_group.as_str(), person.work.class);
            register.by_work.entry((group, class)).or_default().push((person, supervisor));
            for course in courses.get(&colleague.employee_id).into_iter().flatten() {
                register.by_course.entry((*course, class)).or_default().push((person, supervisor));
            }
        }
        register
    }

    fn person<'b>(&self, colleague: &'b Colleague) -> Person<'b> {
        let work = self.earlier_work.get(&colleague.employee_id).copied().unwrap_or_default();
        Person { colleague, work, agency: self.units.agency(colleague.unit_id) }
    }

    /// Sort participants by how many colleagues of the same class they can be compared with, fewest first.
    fn sort(&self, unmatched: &mut [Unmatched], engaged: &Engaged) {
        // The number is the same for all participants of an offering whose work and class are the same.
        let mut counts: HashMap<(Uuid, String, Option<RatingClass>), usize> = HashMap::new();
        unmatched.sort_by_cached_key(|participant| {
            let (group, class) =
                (&participant.trainee.position_group, self.person(&participant.trainee).work.class);
            let count = || {
                let own = self.by_work.get(&(group.as_str(), class)).into_iter().flatten();
                own.filter(|(person, _)| engaged.is_open(participant, person.colleague.employee_id)).count()
            };
            let key = (participant.offering_id, group.clone(), class);
            (*counts.entry(key).or_insert_with(count), participant.participant_id)
        });
    }

    /// The best free colleague of a tier.
    fn best(
        &self,
        tier: Tier,
        participant: &Unmatched,
        engaged: &Engaged,
    ) -> Option<(Rank, Person<'a>, Uuid)> {
        let trainee = self.person(&participant.trainee);
        let free: Vec<(Rank, Candidate<'a>)> = self
            .candidates(tier, participant.course_id, trainee)
            .filter(|(person, _)| engaged.is_free(participant, person.colleague.employee_id))
            .map(|candidate| {
                let stood = engaged.stood_near(participant, candidate.0.colleague.employee_id).count();
                (rank(tier, trainee, candidate.0, stood), *candidate)
            })
            .collect();
        let best = free.iter().map(|(rank, _)| *rank).min()?;
        free.into_iter()
            .filter(|(rank, _)| *rank == best)
            .min_by_key(|(_, (person, _))| lot(participant.offering_id, person.colleague.employee_id))
            .map(|(rank, (person, supervisor))| (rank, person, supervisor))
    }

    fn candidates<'b>(
        &'b self,
        tier: Tier,
        course: Uuid,
        trainee: Person<'b>,
    ) -> impl Iterator<Item = &'b Candidate<'a>> {
        let group = trainee.colleague.position_group.as_str();
        let as_far =
            move |class: &Option<RatingClass>| Distance::of_classes(trainee.work.class, *class) == tier.class;
        let fits = move |(person, _): &&Candidate<'_>| {
            let like_work = person.colleague.position_group == group;
            like_work == (tier.likeness != Likeness::Waiting)
        };
        let of_class = move |class| match tier.likeness {
            Likeness::LikeWork => self.by_work.get(&(group, class)),
            Likeness::WaitingWithLikeWork | Likeness::Waiting => self.by_course.get(&(course, class)),
        };
        CLASSES.into_iter().filter(as_far).filter_map(of_class).flatten().filter(fits)
    }
}

fn rank(tier: Tier, trainee: Person<'_>, person: Person<'_>, stood: usize) -> Rank {
    let place = if person.colleague.unit_id == trainee.colleague.unit_id {
        Place::SameUnit
    } else if person.agency.is_some() && person.agency == trainee.agency {
        Place::SameAgency
    } else {
        Place::Elsewhere
    };
    Rank { tier, score: Distance::of_scores(trainee.work.score, person.work.score), place, stood }
}

fn lot(offering: Uuid, employee: Uuid) -> Reverse<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(offering.as_bytes());
    hash.update(employee.as_bytes());
    Reverse(hash.finalize().into())
}

#[cfg(test)]
mod tests;
