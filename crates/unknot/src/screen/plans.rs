//! The plans that the start screen offers: those that ship, and the one it was opened with.

use plans::plan::BACKGROUND;
use transcript::PlanKept;

use crate::commands::plan::chosen;
use crate::failure::Failure;

/// Plans to choose from.
#[derive(Debug)]
pub(super) struct Plans {
    all: Vec<(tui::Plan, PlanKept)>,
    /// The one that is chosen until another is.
    pub(super) begins_with: usize,
}

impl Plans {
    /// Those that ship, and this one, which may be somebody's own.
    pub(super) fn with(asked: &PlanKept) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for plan in plans::plan::list() {
            let line = tui::Plan {
                name: plan.name.to_owned(),
                about: plan.about.to_owned(),
                label: plan.is_background().then(|| BACKGROUND.to_owned()),
            };
            all.push((line, chosen(Some(plan.name))?));
        }
        let same =
            |(_, plan): &(tui::Plan, PlanKept)| plan.name == asked.name && plan.figures == asked.figures;
        let begins_with = all.iter().position(same).unwrap_or_else(|| {
            let about = "A plan of your own.".to_owned();
            all.push((tui::Plan { name: asked.name.clone(), about, label: None }, asked.clone()));
            all.len() - 1
        });
        Ok(Self { all, begins_with })
    }

    /// What is shown of each.
    pub(super) fn lines(&self) -> Vec<tui::Plan> {
        self.all.iter().map(|(line, _)| line.clone()).collect()
    }

    /// Takes this one, which is chosen from now on.
    pub(super) fn take(&mut self, plan: usize) -> Option<PlanKept> {
        let (_, kept) = self.all.get(plan)?;
        self.begins_with = plan;
        Some(kept.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_that_ships_is_offered_and_background_ones_say_so() {
        let mut plans = Plans::with(&chosen(None).unwrap()).unwrap();
        let labelled: Vec<String> =
            plans.lines().into_iter().filter(|plan| plan.label.is_some()).map(|plan| plan.name).collect();
        assert_eq!(labelled, ["low-90", "staircase"]);
        assert_eq!((plans.lines().len(), plans.begins_with), (6, 0));
        assert_eq!(plans.take(1).unwrap().name, "ball");
        assert_eq!(plans.begins_with, 1);
        assert_eq!(plans.take(6), None);
    }

    #[test]
    fn a_plan_of_ones_own_is_offered_beside_them() {
        let mut own = chosen(Some("partner")).unwrap();
        own.figures.flush_ms += 1_000;
        let mut plans = Plans::with(&own).unwrap();
        assert_eq!((plans.lines().len(), plans.begins_with), (7, 6));
        assert_eq!(plans.take(6), Some(own));
    }
}
