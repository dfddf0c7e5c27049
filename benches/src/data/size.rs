use std::fmt;

/// How much data is made. Units, courses and institutes are the same in all sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Employees.
    pub employees: u64,
    /// Offerings, all of them over.
    pub offerings: u64,
    /// Participations in offerings; each owes three forms.
    pub participations: u64,
}

impl Size {
    /// The reference: 100,000 employees, 6,000 offerings, 400,000 participations, 1,200,000 forms.
    pub const REFERENCE: Self = Self { employees: 100_000, offerings: 6_000, participations: 400_000 };

    /// The reference, with everything but institutes and courses in proportion to the employees.
    pub fn of(employees: u64) -> Self {
        let part = |whole: u64| (whole * employees / Self::REFERENCE.employees).max(1);
        Self {
            employees,
            offerings: part(Self::REFERENCE.offerings),
            participations: part(Self::REFERENCE.participations),
        }
    }

    /// The same employees, sent ten times as often to ten times as many offerings.
    pub fn with_ten_times_the_answers(self) -> Self {
        Self { offerings: self.offerings * 10, participations: self.participations * 10, ..self }
    }

    /// Employees alone, for lists of people that read nothing else.
    pub fn people_only(employees: u64) -> Self {
        Self { employees, offerings: 0, participations: 0 }
    }

    /// Forms that are answered or may be.
    pub fn answers(self) -> u64 {
        self.participations * 3
    }

    /// Name of the database that holds data of this size.
    pub fn database(self) -> String {
        format!("bench_{}_{}_{}", self.employees, self.offerings, self.participations)
    }

    /// Number of participants of an offering, and of those of all offerings before it.
    pub fn class(self, offering: u64) -> (u64, u64) {
        let (each, rest) = (self.participations / self.offerings, self.participations % self.offerings);
        (each + u64::from(offering < rest), each * offering + offering.min(rest))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} employees, {} offerings, {} participations, {} forms",
            self.employees,
            self.offerings,
            self.participations,
            self.answers()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_share_all_participations() {
        let size = Size { employees: 100, offerings: 7, participations: 40 };
        let mut before = 0;
        for offering in 0..size.offerings {
            let (count, first) = size.class(offering);
            assert_eq!(first, before);
            before += count;
        }
        assert_eq!(before, size.participations);
    }
}
