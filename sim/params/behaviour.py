"""How people respond. Most numbers are judgement and carry a prior: they are "what we don't know"."""

from __future__ import annotations

from sim.params.field import Parameters, par, whole
from sim.params.settings import PayMix


class Sharing(Parameters):
    """Weights of the decision to help across a boundary (Brock, Durlauf 2001)."""

    reference_level: float = par(
        0.217,
        "share of requests",
        (0.02, 0.95),
        "Share of requests that the reference firm answers; the intercept follows from it.",
        source="calibrated, but hardly told by any target: judgement",
    )
    reference_hostility: float = par(0.6, "1", (0, 1), "Hostility in the reference firm.")
    reference_belief: float = par(0.30, "1", (0, 1), "Mean belief in the reference firm.")
    reference_variable: float = par(0.25, "share of pay", (0, 0.8), "Variable share of pay in the reference firm.")
    reference_mix: PayMix = PayMix()
    conformity: float = par(
        1.81,
        "logit",
        (0, 6),
        "Complementarity J: pull of neighbours' habit.",
        off=0.0,
        source="calibrated: the unchanged firm stays as it is; regimes exist only above 2",
        prior=(0.5, 4.0),
    )
    hostility: float = par(1.2, "logit", (0, 6), "What the traitor norm takes away.", off=0.0, prior=(0.6, 1.8))
    belief: float = par(0.8, "logit", (0, 6), "What outside-in belief adds.", off=0.0, prior=(0.3, 1.3))
    modelling: float = par(1.0, "logit", (0, 6), "What leaders who model it add.", off=0.0, prior=(0.3, 1.7))
    incentive: float = par(
        5.0, "logit per share of pay", (0, 30), "Weight of the own marginal payoff.", off=0.0, prior=(2.0, 8.0)
    )
    time_cost: float = par(0.6, "1", (0, 3), "Own result lost by helping.", off=0.0)
    rivalry_cost: float = par(0.6, "1", (0, 3), "Own unit's rank lost by helping another.", off=0.0)
    sight_share: float = par(
        0.06,
        "share of staff",
        (1e-4, 10),
        "Group at which the line of sight to pay halves.",
        source="judgement: the larger the group, the weaker the link to pay",
    )
    portfolio_focus: float = par(0.9, "1", (0, 0.99), "How far portfolios shrink the group whose result pays.", off=0.0)
    habit_speed: float = par(
        0.3, "1/month", (0.01, 1), "Step of habit towards the last act.", source="judgement (specification)"
    )
    hostility_speed: float = par(0.05, "1/month", (0, 1), "Speed with which hostility follows its causes.", off=0.0)
    obstacle_effect: float = par(
        0.6, "1", (0, 1), "Share of hostility that removed obstacles take away.", off=0.0, prior=(0.3, 0.9)
    )


class Adoption(Parameters):
    """Weights of the decision to try an initiative, and what follows."""

    inclination: float = par(-1.9, "logit", (-8, 4), "Inclination to try, all else neutral.", prior=(-2.5, -1.3))
    belief: float = par(1.0, "logit", (0, 6), "Weight of own belief.", off=0.0, prior=(0.4, 1.6))
    peers: float = par(2.0, "logit", (0, 8), "Weight of practising neighbours.", off=0.0, prior=(1.0, 3.0))
    standards: float = par(1.5, "logit", (0, 6), "Weight of standards set by leaders.", off=0.0, prior=(0.6, 2.4))
    standards_fade: float = par(
        12.0, "months", (1, 600), "Months after which standards without accountability wear off."
    )
    credibility: float = par(0.8, "logit", (0, 6), "Weight of credibility.", off=0.0, prior=(0.3, 1.3))
    payoff: float = par(4.0, "logit per share of pay", (0, 30), "Weight of the own payoff.", off=0.0, prior=(1.5, 6.5))
    skill: float = par(1.0, "logit", (0, 6), "Weight of skill.", off=0.0, prior=(0.4, 1.6))
    blockers: float = par(1.5, "logit", (0, 6), "Weight of what in the culture blocks.", off=0.0, prior=(0.6, 2.4))
    difficulty: float = par(1.0, "logit", (0, 6), "Weight of the initiative's difficulty.", off=0.0, prior=(0.4, 1.6))
    foundation: float = par(1.2, "logit", (0, 6), "What a missing foundation takes away.", off=0.0, prior=(0.5, 2.0))
    support: float = par(0.8, "logit", (0, 6), "What help on the job adds.", off=0.0, prior=(0.3, 1.3))
    announcement_reach: float = par(0.08, "1/month", (0, 1), "Chance to hear of an initiative without any message.")
    message_reach: float = par(0.25, "1/month", (0, 1), "Chance to hear of it at full message volume.", off=0.0)
    hallway: float = par(0.30, "1/month", (0, 1), "Chance to hear of it when all neighbours practise it.", off=0.0)
    trial_months: int = whole(3, "months", (1, 24), "Months of trying before something is practised.")
    lapse: float = par(0.03, "1/month", (0, 1), "Rate of giving up what is practised.", off=0.0, prior=(0.01, 0.05))
    support_keeps: float = par(0.5, "1", (0, 1), "Share of giving up that full help on the job prevents.", off=0.0)
    blocker_return: float = par(
        0.02,
        "1/month",
        (0, 1),
        "Speed with which a weakened trait of the culture comes back.",
        off=0.0,
        prior=(0.0, 0.04),
    )
    hidden: float = par(
        0.5, "1", (0, 1), "Effort that misses informal traits as long as they are not located.", off=0.0
    )
    learning_cost: float = par(
        0.06,
        "share of capacity",
        (0, 1),
        "Efficiency lost at first by newly practised work.",
        off=0.0,
        prior=(0.03, 0.10),
    )
    learning_months: float = par(8.0, "months", (1, 60), "Months over which that loss fades.", prior=(4.0, 12.0))
    blocker_removal: float = par(
        0.10, "1/month", (0, 1), "Share of a trait's strength that full effort removes.", off=0.0, prior=(0.04, 0.16)
    )


class Belief(Parameters):
    """What moves belief between inside-out (0) and outside-in (1)."""

    neighbours: float = par(
        0.10,
        "1/month",
        (0, 1),
        "Weight of neighbours (DeGroot 1974).",
        off=0.0,
        source="judgement (specification)",
    )
    success: float = par(
        0.20,
        "1/month",
        (0, 2),
        "Step per share of customers' problems seen solved above normal.",
        off=0.0,
        prior=(0.05, 0.35),
    )
    modelling: float = par(0.02, "1/month", (0, 1), "Step from leaders who live it.", off=0.0, prior=(0.01, 0.03))
    messages: float = par(0.010, "1/month", (0, 1), "Step from credible messages.", off=0.0, prior=(0.0, 0.02))
    gravity: float = par(0.03, "1/month", (0, 1), "Pull back to inside-out.", off=0.0, prior=(0.02, 0.04))
    pressure: float = par(1.0, "1", (0, 10), "How much investor pressure adds to the pull.", off=0.0, prior=(0.0, 2.0))
    maturity: float = par(0.5, "1", (0, 10), "How much the firm's maturity adds to the pull.", off=0.0)
    leaders: float = par(0.05, "1/month", (0, 1), "Step of leaders' belief towards that of their people.", off=0.0)
    culture: float = par(
        0.02, "1/month", (0, 1), "Step from a practised culture programme.", off=0.0, prior=(0.0, 0.04)
    )


class Moments(Parameters):
    """Moments of Belief (Customer Copernicus)."""

    price: float = par(400.0, "$/employee of the unit", (0, 1e6), "Cost of one Moment.")
    customers: float = par(0.05, "share of unit's customers", (0, 1), "Customers who benefit at once.", off=0.0)
    gift: float = par(0.15, "1", (0, 1), "Rise of their satisfaction and trust.", off=0.0)
    inclination: float = par(-1.7, "logit", (-6, 6), "Inclination to work.", prior=(-2.4, -1.0))
    sharing: float = par(1.5, "logit", (0, 6), "What sharing adds to the chance that it works.", off=0.0)
    engagement: float = par(1.0, "logit", (0, 6), "What engagement adds.", off=0.0)
    skill: float = par(1.0, "logit", (0, 6), "What skill adds.", off=0.0)
    lift: float = par(0.12, "1", (0, 1), "Rise of a witness's belief when it works.", off=0.0, prior=(0.06, 0.18))
    drop: float = par(0.08, "1", (0, 1), "Fall of a witness's belief when it fails.", off=0.0, prior=(0.04, 0.12))


class Engagement(Parameters):
    """What engages people, and who quits."""

    level: float = par(
        0.599,
        "1",
        (0.05, 0.95),
        "Mean engagement on the 0-1 scale in an average unit.",
        source="calibrated: 30-36% engaged, 13-18% actively disengaged (Gallup)",
        grade="B",
    )
    spread: float = par(
        0.915, "logit", (0, 3), "Differences between people.", grade="B",
        source="calibrated: 30-36% engaged, 13-18% actively disengaged (Gallup)",
    )  # fmt: skip
    unit_spread: float = par(
        0.311, "logit", (0, 2), "Differences between units' managers that nobody has stated.", off=0.0,
        source="calibrated: share of variance between units .05-.20 (Bliese 2000)", grade="C",
    )  # fmt: skip
    speed: float = par(0.12, "1/month", (0.01, 1), "Speed of change.", source="judgement (specification)")
    wins: float = par(0.8, "logit", (0, 6), "Recognition by customers above normal.", off=0.0, prior=(0.4, 1.2))
    fails: float = par(0.6, "logit", (0, 6), "Failed handoffs above normal.", off=0.0, prior=(0.2, 1.0))
    recognition: float = par(0.6, "logit", (0, 6), "Recognition by leaders.", off=0.0, prior=(0.2, 1.0))
    autonomy: float = par(0.4, "logit", (0, 6), "Empowerment.", off=0.0, prior=(0.1, 0.7))
    overload: float = par(0.8, "logit", (0, 6), "Strain of overload.", off=0.0, prior=(0.3, 1.3))
    voice: float = par(0.5, "logit", (0, 6), "Two-way communication that is believed.", off=0.0, prior=(0.1, 0.9))
    powerless: float = par(
        1.0, "logit", (0, 6), "Strain of a portfolio manager who answers for more than she may decide.", off=0.0
    )
    engaged_from: float = par(0.75, "1", (0, 1), "Level from which a person counts as engaged (4.0 of 5).")
    disengaged_below: float = par(0.45, "1", (0, 1), "Level below which a person is actively disengaged (2.8 of 5).")
    quits: float = par(
        0.0189,
        "1/month",
        (0, 1),
        "Hazard of quitting at the mean level.",
        off=0.0,
        source="calibrated: quits of 1.5-2.2% a month (JOLTS 2024)",
        grade="B",
    )
    quits_slope: float = par(
        2.0,
        "1",
        (0, 10),
        "How quits fall with engagement.",
        off=0.0,
    )
    skill_speed: float = par(0.04, "1/month", (0, 1), "Speed of learning on the job.", off=0.0)
    training_gain: float = par(0.25, "1", (0, 1), "Skill that practised training adds.", off=0.0, prior=(0.1, 0.4))
    tacit_speed: float = par(0.03, "1/month", (0, 1), "Speed of building tacit customer knowledge.", off=0.0)
    empowerment: float = par(0.10, "1", (0, 1), "Inclination to act on one's own judgement at the start.")
    empowerment_practised: float = par(0.80, "1", (0, 1), "That inclination where empowerment is practised.", off=0.1)
    empowerment_speed: float = par(0.10, "1/month", (0, 1), "Speed of learning to act on one's own judgement.", off=0.0)
    empowerment_copy: float = par(
        0.5, "1", (0, 1), "How much of colleagues' lead is learned by watching them.", off=0.0, prior=(0.2, 0.8)
    )


class Credibility(Parameters):
    """Words and deeds."""

    level: float = par(0.5, "1", (0, 1), "Credibility when nothing is said and nothing done.")
    speed: float = par(0.06, "1/month", (0, 1), "Speed of change.", off=0.0, source="judgement (specification)")
    deeds: float = par(0.6, "1", (0, 5), "What deeds add.", off=0.0, prior=(0.3, 0.9))
    gap: float = par(0.8, "1", (0, 5), "What words without deeds take away.", off=0.0, prior=(0.4, 1.2))
    slack: float = par(0.15, "1", (0, 1), "Words that are forgiven.", prior=(0.05, 0.25))
    practice: float = par(0.6, "1", (0, 1), "Weight of practised adoption among deeds, the rest is leaders' behaviour.")


class BuyIn(Parameters):
    """What wins or loses the leaders."""

    speed: float = par(0.12, "1/month", (0, 1), "Speed of change.", source="judgement (specification)")
    stake: float = par(2.0, "logit", (0, 10), "Weight of own stake.", off=0.0, prior=(1.0, 3.0))
    perspective: float = par(
        0.7,
        "1",
        (0, 1),
        "Share of a threatened stake that a full range of perspectives resolves.",
        off=0.0,
        prior=(0.4, 1.0),
    )
    concession: float = par(1.0, "logit", (0, 10), "Weight of concessions received.", off=0.0, prior=(0.5, 1.5))
    trust: float = par(1.0, "logit", (0, 10), "Weight of trust.", off=0.0, prior=(0.4, 1.6))
    peers: float = par(1.0, "logit", (0, 10), "Weight of power-weighted peers.", off=0.0, prior=(0.4, 1.6))
    results: float = par(
        4.0, "logit", (0, 40), "Weight of the own unit's results above normal.", off=0.0, prior=(1.0, 7.0)
    )
    pressure: float = par(0.5, "logit", (0, 10), "Weight of investor pressure.", off=0.0, prior=(0.1, 0.9))
    concession_fade: float = par(0.02, "1/month", (0, 1), "Speed with which concessions are forgotten.", off=0.0)
    attention_load: float = par(
        0.35, "1", (0, 1), "Attention lost when load reaches capacity.", off=0.0, prior=(0.1, 0.6)
    )
    attention_most: float = par(2.0, "capacities", (0, 20), "Load beyond which attention falls no further.")
    attention_feedback: float = par(0.15, "1", (0, 1), "Attention that full feedback seeking takes.", off=0.0)
    team_share: float = par(0.4, "1", (0, 1), "Share of behaviour that comes from CEO and COO, not the unit's leader.")


class Behaviour(Parameters):
    """All responses of people."""

    sharing: Sharing = Sharing()
    adoption: Adoption = Adoption()
    belief: Belief = Belief()
    moments: Moments = Moments()
    engagement: Engagement = Engagement()
    credibility: Credibility = Credibility()
    buy_in: BuyIn = BuyIn()
