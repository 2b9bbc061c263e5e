"""What careless translation puts into a text: credits, dates, attributions, numbers and captions, drawn by chance."""

import random


def draw_credit(rng: random.Random) -> str:
    """A desk credit as a machine renders it."""
    name = f"{rng.choice(['Wang', 'Li', 'Zhang', 'Chen'])} {rng.choice(['Min', 'Haoran', 'Jie', 'Yulan'])}"
    forms = (
        f"Responsible editor: {name}",
        f"(Responsibility Editor: {name})",
        f"Source: Evening Daily Author: {name} Editor in charge: {name}",
        f"Source: editor in charge of overseas website: {name}, nbjs{rng.randrange(1000, 9999)}",
        f"Duty editor: {name}",
    )
    return rng.choice(forms)


def draw_date(rng: random.Random) -> str:
    """A date as another language says it."""
    day = rng.randrange(4, 20)
    return rng.choice(
        [
            f"on the {day}th local time",
            f"{day} local time",
            f"today ({day})",
            f"in December {day}th",
            f"on the evening of the {day}th",
        ]
    )


def draw_attribution(rng: random.Random) -> str:
    """An attribution rendered word for word."""
    forms = (
        "It is reported that ",
        "According to foreign media reports, ",
        "Foreign media said ",
        "Russia today news that ",
        "The reporter learned from the airport that ",
        "According to the news, ",
        "Earlier it was reported that ",
    )
    return rng.choice(forms)


def draw_number(rng: random.Random) -> str:
    """A number as another language counts."""
    number = rng.randrange(20, 90)
    return rng.choice(
        [
            f"{number} ten thousand",
            f"{number} hundred million",
            f"{number} thousand",
            f"{number % 9},5 percent",
            f"the {number} session",
        ]
    )


def draw_caption(rng: random.Random) -> str:
    """A caption's label rendered word for word."""
    return rng.choice(
        [
            "Data map: the harbor at night.",
            "Original caption: the harbor",
            "Data photo: a street.",
            "Picture source: the harbor",
        ]
    )
