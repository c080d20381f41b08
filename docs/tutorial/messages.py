"""The messages of the tutorial: 300 that were sorted, 400 that were not, and a sorted month. Made up, and always the same."""

import csv
import random
from pathlib import Path

draw = random.Random(3)
lamps = [
    "desk lamp",
    "floor lamp",
    "reading light",
    "green lampshade",
    "ceiling lamp",
    "night light",
    "lava lamp",
    "string of lights",
]
said = {
    "order": [
        "I would like to buy {n} of the {l}",
        "Please send me {n} x {l}",
        "Can I order the {l} for my office",
        "We want {n} {l} for our cafe",
        "Is it possible to get the {l} by Friday",
        "One more {l}, same as last time",
        "Put {n} {l} on the bill of our cafe",
        "Please add a {l} to my order",
    ],
    "return": [
        "I want to send the {l} back",
        "Please refund the {l}",
        "The {l} is too small for us",
        "Wrong color of {l}, can it be exchanged",
        "Money back for the {l} please",
        "I changed my mind about the {l}",
        "How do I return the {l}",
        "You sent me {n} {l} but I wanted one",
    ],
    "question": [
        "How bright is the {l}",
        "Does the {l} come with a bulb",
        "Which cable does the {l} have",
        "Do you ship the {l} to Norway",
        "Can the {l} be dimmed",
        "Is the {l} too small for a cafe",
        "Do you have the {l} in green",
        "Will the {l} be back by Friday",
    ],
    "complaint": [
        "The {l} arrived broken",
        "Third week and still no {l}",
        "The {l} buzzes all night",
        "Nobody answers my mails about the {l}",
        "Very disappointed with the {l}",
        "I had to order the {l} twice",
        "Do you call this a {l}",
        "The {l} you sent is not the one I wanted",
    ],
}
also = [
    "I bought one last year and it never broke.",
    "How does that work?",
    "Is that possible?",
    "I will not buy another one.",
    "It is a present for my father.",
    "Please answer soon.",
    "My order was {w}.",
    "You know me, I am {w}.",
]
short = {
    "order": ["{l} please", "{n} x {l}", "the {l} again"],
    "return": ["{l} back please", "{n} x {l}", "wrong {l}"],
    "question": ["the {l}?", "{l} back soon?", "{l} in blue?"],
    "complaint": ["the {l} again", "the {l}?", "{l} broken"],
}


def message(desk):
    names = {
        "n": draw.randint(2, 9),
        "l": draw.choice(lamps),
        "w": f"{draw.choice(['Bo', 'Cy', 'Di', 'Eva'])} {draw.randint(100, 999)}",
    }
    if draw.random() < 0.3:
        return draw.choice(short[desk]).format(**names)
    ending = draw.choice(["", draw.choice(also), "Regards, {w}"])
    return f"{draw.choice(said[desk])}. {draw.choice(also)} {ending}".format(**names).strip()


def write(name, head, rows):
    Path("data").mkdir(exist_ok=True)
    with open(Path("data") / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def messages(n):
    return [(message(desk), desk) for desk in draw.choices(list(said), weights=[4, 2, 3, 2], k=n)]


write("sorted.csv", ["text", "desk"], messages(300))
write("may.csv", ["text", "desk"], messages(600))
write("inbox.csv", ["text"], [(text,) for text, _ in messages(400)])
