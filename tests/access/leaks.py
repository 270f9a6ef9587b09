"""A2: what of Beta's stands in an answer that somebody of Alpha got."""

from tests.access.walking import Asked
from tests.access.world import BETAS_WORDS

# Those of Alpha who walk all addresses (test_walk.py): people, and programs with their tokens.
OF_ALPHA = ("jonas", "chiara", "writer", "reader")


def said_by(asked: Asked) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in asked.answer.headers.items())
    return f"{headers}\n{asked.body.decode(errors='replace')}"


def betas_words_in(asked: Asked) -> list[str]:
    said = said_by(asked)
    return [word for word in BETAS_WORDS if word in said]
