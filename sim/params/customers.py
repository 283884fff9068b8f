"""What customers experience and how they react."""

from __future__ import annotations

from sim.params.field import Parameters, par, whole


class Service(Parameters):
    """One contact: handling, handoffs, recovery, waiting."""

    handoff_shared: float = par(
        0.95, "probability", (0, 1), "Handoff succeeds when the helper shares.", source="judgement (specification)"
    )
    handoff_alone: float = par(
        0.45,
        "probability",
        (0, 1),
        "Handoff succeeds when the helper does not.",
        source="judgement (specification)",
    )
    handoff_owned: float = par(0.35, "probability", (0, 0.5), "What an owner of the problem adds then.", off=0.0)
    team_ownership: float = par(0.5, "1", (0, 1), "How far practised teams own a problem.", off=0.0)
    other_unit: float = par(0.2, "share of contacts", (0, 1), "Contacts that land outside the home unit.", off=0.0)
    handling: float = par(
        3.45,
        "logit",
        (-4, 6),
        "Handling of a contact by an average employee.",
        source="calibrated: first-contact resolution about 70% (SQM)",
        grade="B",
    )
    handling_skill: float = par(1.5, "logit", (0, 8), "What skill adds.", off=0.0, prior=(0.8, 2.2))
    handling_engagement: float = par(1.0, "logit", (0, 8), "What engagement adds.", off=0.0, prior=(0.4, 1.6))
    recovery: float = par(
        0.6,
        "probability",
        (0, 1),
        "Recovery on the spot by a fully empowered, skilled employee.",
        off=0.0,
        prior=(0.4, 0.8),
    )
    recovery_skill: float = par(0.5, "1", (0, 1), "Share of that recovery which needs skill.", off=0.0)
    patience: int = whole(2, "failures", (1, 100), "Failures in a row after which recovery no longer helps.")
    callback: float = par(
        0.5,
        "probability",
        (0, 1),
        "A failure is mended afterwards where feedback is practised.",
        off=0.0,
        prior=(0.3, 0.7),
    )
    quality_base: float = par(0.72, "1", (0, 1), "Experience of a resolved contact without knowledge.")
    quality_usable: float = par(0.28, "1", (0, 0.28), "What enough usable knowledge adds.", off=0.0)
    usable_enough: float = par(0.5, "1", (0.05, 1), "Usable knowledge that is enough for the best experience.")
    quality_recovered: float = par(0.66, "1", (0, 1), "Experience of a recovered contact.")
    quality_failed: float = par(0.22, "1", (0, 1), "Experience of a failed contact.")
    quality_handoff: float = par(0.08, "1", (0, 0.1), "What each failed handoff takes away.", off=0.0)
    quality_engagement: float = par(
        0.2,
        "1",
        (0, 0.5),
        "What the employee's engagement above the usual one adds to the experience of any contact.",
        off=0.0,
        source="judgement: a correlation of .1 to .2 in spreads of experience (.27) and engagement (.17)",
        prior=(0.0, 0.4),
    )
    passed_on: float = par(
        0.30,
        "probability",
        (0, 1),
        "Chance that a returning need is passed on to a unit that does not own it.",
        off=0.0,
    )
    give_up_after: int = whole(4, "contacts", (1, 100), "Contacts after which a customer gives an open need up.")
    backlog_most: float = par(3.0, "months of capacity", (0, 60), "Backlog beyond which nobody queues any more.")
    waiting_most: float = par(2.0, "months of capacity", (0, 60), "Backlog beyond which waiting feels no worse.")
    strain_most: float = par(0.9, "share of capacity", (0, 0.99), "Capacity that trying and learning can take at most.")
    waiting: float = par(0.30, "1 per month of backlog", (0, 3), "What waiting takes away.", off=0.0, prior=(0.1, 0.5))
    utilisation: float = par(
        0.90,
        "1",
        (0.2, 1.0),
        "Use of service capacity before any programme.",
        source="judgement: how call centres are staffed",
    )
    own_effort: float = par(0.3, "1", (0, 2), "Effort in service that individual pay buys.", off=0.0, prior=(0.1, 0.5))
    callback_alone: float = par(0.3, "1", (0, 1), "Share of callbacks that work when the employee does not share.")
    self_service_cost: float = par(
        0.35, "1", (0, 1), "Cost and capacity of a contact served by web and pool, relative to one served in person."
    )
    self_service_handling: float = par(0.5, "logit", (0, 6), "What serving by web and pool takes away.", off=0.0)
    learning_strain: float = par(1.0, "1", (0, 3), "How far learning takes capacity from service.", off=0.0)
    improvement_time: float = par(
        0.08,
        "share of capacity",
        (0, 1),
        "Capacity taken by trying a unit of effort.",
        off=0.0,
        prior=(0.04, 0.12),
    )


class Experience(Parameters):
    """Satisfaction, trust, commitment, expectation."""

    satisfaction_speed: float = par(
        0.22, "1/contact month", (0, 1), "Step of satisfaction.", off=0.0, source="judgement (specification)"
    )
    disconfirmation: float = par(0.3, "1", (0, 2), "Weight of expectation that was not met (Oliver 1980).", off=0.0)
    expectation_speed: float = par(0.08, "1/contact month", (0, 1), "Step of expectation.", off=0.0)
    trust_speed: float = par(
        0.10, "1/contact month", (0, 1), "Step of trust.", off=0.0, source="judgement (specification)"
    )
    commitment_speed: float = par(0.10, "1/month", (0, 1), "Step of mutual commitment towards trust.", off=0.0)
    performance_share: float = par(
        0.5, "share of spend", (0, 1), "Spend that a performance contract pays for results only.", off=0.0
    )
    reciprocity: float = par(
        1.0, "1", (0, 10), "How much faster commitment moves where the supplier shares the risk.", off=0.0
    )
    participation_speed: float = par(
        0.06, "1/month", (0, 1), "Speed with which customers take up habits of taking part.", off=0.0
    )
    commitment_months: float = par(36.0, "months", (1, 600), "Joint history after which commitment counts fully.")
    market_pull: float = par(0.03, "1/month", (0, 1), "Drift back to what is normal without contact.", off=0.0)


class Churn(Parameters):
    """What changes the hazard of leaving beyond the fitted proneness."""

    satisfaction: float = par(
        3.56,
        "log hazard",
        (0, 10),
        "Effect of satisfaction.",
        off=0.0,
        grade="C",
        source="calibrated: intention to leave 5/9/25% by resolution, attenuated (SQM)",
        prior=(0.5, 8.0),
    )
    trust: float = par(0.8, "log hazard", (0, 10), "Effect of trust.", off=0.0, prior=(0.3, 1.3))
    commitment: float = par(0.6, "log hazard", (0, 10), "Effect of commitment.", off=0.0, prior=(0.2, 1.0))
    knowledge: float = par(0.5, "log hazard", (0, 10), "Effect of relationship knowledge.", off=0.0, prior=(0.1, 0.9))
    product: float = par(0.4, "1", (0, 1), "Effect of product quality against rivals'.", off=0.0)
    term_lock: float = par(
        0.4,
        "1",
        (0, 1),
        "Share of the reaction to satisfaction and trust that a term contract delays.",
        off=0.0,
        prior=(0.2, 0.6),
    )
    monitored: float = par(
        0.0, "share of customers", (0, 1), "Customers whose behaviour is watched continuously before any programme."
    )
    trigger_fall: float = par(0.12, "1", (0, 1), "Fall of satisfaction in a month that triggers a contact.")
    trigger_response: float = par(
        0.5, "probability", (0, 1), "Chance that the customer responds to such a contact.", off=0.0
    )
    trigger_gain: float = par(
        0.7, "1", (0, 1), "Share of the fall that is made good if she responds.", off=0.0, prior=(0.4, 1.0)
    )
    trigger_price: float = par(
        6.0,
        "$/contact",
        (0, 1e5),
        "Cost of such a contact.",
        source="judgement: as much as any other contact",
    )
    retention_act: float = par(0.35, "1", (0, 1), "Hazard taken away by a retention act.", off=0.0, prior=(0.15, 0.55))
    act_price: float = par(35.0, "$/act", (0, 1e5), "Cost of a retention act.")
    act_budget: float = par(0.02, "share of customers per month", (0, 1), "Acts that the budget allows.")


class Information(Parameters):
    """The five-link chain (Day, in Peppers and Rogers, ch. 13) and what is known of each customer."""

    capture: float = par(0.40, "1", (0, 1), "Capture without technology.")
    collate: float = par(0.35, "1", (0, 1), "Collation without technology.")
    retrieve: float = par(0.40, "1", (0, 1), "Retrieval without technology.")
    utilise: float = par(0.30, "1", (0, 1), "Use without skill or empowerment.")
    capture_gain: float = par(
        0.45, "1", (0, 1), "What a practised insight system adds to capture.", off=0.0, prior=(0.25, 0.6)
    )
    collate_gain: float = par(0.55, "1", (0, 1), "What it adds to collation.", off=0.0, prior=(0.35, 0.65))
    retrieve_gain: float = par(0.50, "1", (0, 1), "What it adds to retrieval.", off=0.0, prior=(0.3, 0.6))
    feedback_gain: float = par(
        0.25, "1", (0, 1), "What closed-loop feedback adds to capture.", off=0.0, prior=(0.1, 0.4)
    )
    skill_gain: float = par(0.60, "1", (0, 2), "What skill adds to use.", off=0.0, prior=(0.2, 1.0))
    empowerment_gain: float = par(0.40, "1", (0, 1), "What empowerment adds to use.", off=0.0, prior=(0.2, 0.6))
    speed: float = par(0.15, "1/month", (0, 1), "Speed with which a link follows its causes.", off=0.0)
    learning: float = par(0.10, "1/contact", (0, 1), "Knowledge gained from a contact at full capture.", off=0.0)
    tacit: float = par(0.5, "1", (0, 2), "What the employee's tacit knowledge adds to that.", off=0.0)
    told: float = par(
        0.05, "1/month", (0, 1), "Knowledge that a customer who takes part tells without contact.", off=0.0
    )
    ageing: float = par(0.03, "1/month", (0, 1), "Share of knowledge that ages away.", off=0.0)
    weakest: float = par(4.0, "1", (0.1, 50), "How strongly the weakest link of the chain dominates: exponent.")
    market: float = par(
        0.5, "1", (0, 1), "What a perfect chain tells about a stranger, as a share of what full knowledge would."
    )
    visibility_gain: float = par(
        0.6, "1", (0, 1), "What closed-loop feedback lets staff see of customers' reactions.", off=0.0
    )


class Offers(Parameters):
    """Push of the product units, and what lands."""

    rate: float = par(
        0.08,
        "1/unit/month",
        (0, 1),
        "Offers per product unit and customer at the planned number of product managers.",
        off=0.0,
    )
    managers: float = par(0.10, "share of product staff", (0.001, 1), "Product managers at which that rate holds.")
    pay_push: float = par(0.6, "1", (0, 5), "How individual and unit pay raise the push.", off=0.0, prior=(0.3, 0.9))
    fit_base: float = par(0.25, "probability", (0, 1), "Fit of an offer without knowledge.")
    fit_usable: float = par(0.65, "probability", (0, 0.65), "What full usable knowledge adds.", off=0.0)
    gain: float = par(0.06, "1", (0, 1), "Step of wallet share towards 1 by a fitting offer.", off=0.0)
    harm: float = par(
        0.015, "1", (0, 1), "Fall of satisfaction and trust by a poor fit.", off=0.0, prior=(0.005, 0.025)
    )
    collision: float = par(0.02, "1", (0, 1), "Further fall when units collide.", off=0.0)
    owner_rate: float = par(0.10, "1/month", (0, 1), "Offers of an owner who fully answers for her portfolio.", off=0.0)
    owner_tacit: float = par(0.4, "1", (0, 1), "What the owner's tacit knowledge adds to usable knowledge.", off=0.0)
    capability_gain: float = par(
        0.5, "1", (0, 1), "How far capabilities managers help owners to adapt an offer.", off=0.0
    )
    launch_reach: float = par(0.3, "share of customers", (0, 1), "Customers whom a product launch reaches.", off=0.0)
    launch_gain: float = par(0.10, "1", (0, 1), "Step of wallet share by a launch that fits.", off=0.0)
    launch_harm: float = par(0.06, "1", (0, 1), "Fall of trust by a launch that does not fit.", off=0.0)
    fade: float = par(0.01, "1/month", (0, 1), "Drift of wallet share back to where it rests.", off=0.0)
    wallet_satisfaction: float = par(
        0.3, "share per unit of satisfaction", (0, 2), "How much higher wallet share rests for the satisfied.", off=0.0,
        prior=(0.0, 0.6),
    )  # fmt: skip
    wallet: float = par(0.60, "1", (0, 1), "Wallet share of a new customer.")


class Acquisition(Parameters):
    """How prospects become customers."""

    sales_pay: float = par(0.6, "1", (0, 5), "How individual pay raises sales.", off=0.0, prior=(0.3, 0.9))
    low_value: float = par(
        -1.0, "standard score", (-5, 5), "Estimated spend in the segment below which owners do not court a prospect."
    )
    selectivity: float = par(
        0.5, "1", (0, 1), "Share of prospects of low estimated value not courted by owners.", off=0.0
    )
    advocate_from: float = par(0.55, "1", (0, 1), "Satisfaction and trust from which a customer recommends.")
    spread: float = par(0.5, "log", (0, 2), "Differences between prospects.", off=0.0)
    convert: float = par(
        0.05, "1/month", (0, 1), "Chance that an owner moves an unprofitable customer to web and pool.", off=0.0
    )
    divest: float = par(0.02, "1/month", (0, 1), "Chance that an owner lets an unprofitable customer go.", off=0.0)


class CustomerResponse(Parameters):
    """All reactions of customers."""

    service: Service = Service()
    experience: Experience = Experience()
    churn: Churn = Churn()
    information: Information = Information()
    offers: Offers = Offers()
    acquisition: Acquisition = Acquisition()
