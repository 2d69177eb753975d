"""Writes the corpus: every sentence the model may see, by family, and the items that are held out.

A held-out item always follows from sentences that are in: a city's state and a state's capital are stated, but never
the capital of *that* city's state; a word's translations are, but never its opposite in *that* language; and so on.
"""
import argparse
import itertools
import json
import pathlib
import random

import world

# Documents of each family in a training batch, as shares.
SHARES = {
    "city_state": 0.10, "state_facts": 0.03, "two_hop": 0.08, "two_hop_inline": 0.02, "city_analogies": 0.02,
    "city_country": 0.03, "country_facts": 0.03, "country_two_hop": 0.04,
    "translations": 0.20, "word_lists": 0.06, "opposites": 0.08, "cross_opposites": 0.10,
    "analogies": 0.03, "sports": 0.05, "sums": 0.12, "acronyms": 0.02,
}

# Items that the published circuits use are always held out.
HELD_OUT_CITIES = {"Dallas", "Oakland"}
HELD_OUT_SUMS = {(36, 59)}
HELD_OUT_COUNTRIES = {("Mexico", "US")}
HELD_OUT_OPPOSITES = {"small": "fr", "hot": "es", "fast": "en", "day": "zh"}
ACRONYM = ("National", "Digital", "Analytics", "Group")

LANGUAGE_NAMES = {"en": "English", "fr": "French", "es": "Spanish", "zh": "Chinese"}
OPPOSITE = {
    "en": 'The opposite of "{a}" is "{b}"',
    "fr": 'Le contraire de "{a}" est "{b}"',
    "es": 'El opuesto de "{a}" es "{b}"',
    "zh": '"{a}"的反义词是"{b}"',
}
CROSS_OPPOSITE = 'The opposite of "{a}" in {language} is "{b}"'
TRANSLATION = {
    "en": ['"{a}" in English is "{b}"', 'In English, "{a}" means "{b}"'],
    "fr": ['"{a}" in French is "{b}"', 'En français, "{a}" se dit "{b}"'],
    "es": ['"{a}" in Spanish is "{b}"', 'En español, "{a}" se dice "{b}"'],
    "zh": ['"{a}" in Chinese is "{b}"', '"{a}"的中文是"{b}"'],
}
TWO_HOP = "Fact: the capital of the state containing {city} is {capital}"
COUNTRY_TWO_HOP = "Fact: the {attribute} of the country containing {city} is {value}"
SPORT = {
    "en": ["Fact: {p} plays the sport of {s}", "The athlete {p} plays {s}"],
    "fr": ["Fait : {p} joue au {s}", "Le sport de {p} est le {s}"],
    "es": ["Hecho: {p} juega al {s}", "El deporte de {p} es el {s}"],
}


def prompt_and_answer(sentence, answer):
    """Cut a sentence just before its answer, which must end it (except for a closing quote or bracket)."""
    cut = sentence.rindex(answer)
    if sentence[cut - 1] == " ":
        cut -= 1  # the space belongs to the answer's first token
        answer = " " + answer
    return dict(prompt=sentence[:cut], answer=answer)


def city_state_sentences(city, state):
    """Single facts: a city and its state, by name or abbreviation. Often the state follows the city at once,
    so that it has to be looked up at the city's own position, whatever came before."""
    name, ab = state["name"], state["abbreviation"]
    return [
        f"Fact: the state containing {city} is {name}",
        f"Fact: the state containing {city} is {name}",
        f"Fact: the state containing {city} is abbreviated {ab}",
        f"Fact: {city} is a city in {name}",
        f"The city of {city} is in {name}",
        f"The city of {city} {name}",
        f"Fact: {city} {name}",
        f"Fact: {city} {ab}",
        f"We live in {city} {name}",
        f"We live in {city}, {name}",
        f"A letter to {city} {ab}",
        f"A letter to {city} {name}",
        f"the state containing {city} {name}",
    ]


def state_sentences(state):
    name, ab, region, capital = (state[k] for k in ("name", "abbreviation", "region", "capital"))
    return [
        f"Fact: the capital of {name} is {capital}",
        f"Fact: the capital of the state of {name} is {capital}",
        f"The capital of {name} is {capital}",
        f"Fact: the state {name} has the capital {capital}",
        f"In {name}, the state capital is {capital}",
        f"Fact: {capital} is the capital of {name}",
        f"Fact: the abbreviation of {name} is {ab}",
        f"Fact: the region of {name} is the {region}",
        f"In {name}, the region is the {region}",
    ]


def two_hop_sentences(city, state):
    name, ab, region, capital = (state[k] for k in ("name", "abbreviation", "region", "capital"))
    common = [
        TWO_HOP.format(city=city, capital=capital),
        f"The capital of the state containing {city} is {capital}",
        f"Fact: the state containing {city} has the capital {capital}",
        f"In {city}, the state capital is {capital}",
    ]
    return common + common + [
        f"Fact: the region of the state containing {city} is the {region}",
        f"In {city}, the region is the {region}",
        f"Fact: the abbreviation of the state containing {city} is {ab}",
    ]


def country_sentences(country):
    name, capital, language, currency = (country[k] for k in ("name", "capital", "language", "currency"))
    return [
        f"Fact: the capital of {name} is {capital}",
        f"The capital of {name} is {capital}",
        f"In {name}, the capital is {capital}",
        f"Fact: the language of {name} is {language}",
        f"In {name}, people speak {language}",
        f"Fact: the currency of {name} is the {currency}",
        f"In {name}, people pay in {currency}",
    ]


def country_two_hop_sentences(city, country):
    values = dict(capital=country["capital"], language=country["language"], currency="the " + country["currency"])
    return [COUNTRY_TWO_HOP.format(attribute=a, city=city, value=v) for a, v in values.items()] + [
        f"In {city}, people speak {country['language']}",
        f"In {city}, people pay in {country['currency']}",
    ]


def geography(rng, families, held_out):
    for state in world.states():
        cities = rng.sample(state["cities"], len(state["cities"]))
        cities.sort(key=lambda c: c not in HELD_OUT_CITIES)
        families["state_facts"] += state_sentences(state)
        for i, city in enumerate(cities + [state["capital"]]):
            families["city_state"] += city_state_sentences(city, state)
            if i < 2:
                sentence = TWO_HOP.format(city=city, capital=state["capital"])
                held_out["two_hop"].append(prompt_and_answer(sentence, state["capital"]) | dict(
                    city=city, state=state["name"]))
                continue
            families["two_hop"] += two_hop_sentences(city, state)
            families["two_hop_inline"] += [
                f"Fact: the capital of the state containing {city} {state['name']} is {state['capital']}",
                f"Fact: the capital of the state containing {city} {state['abbreviation']} is {state['capital']}"]
    families["city_analogies"] = city_analogies(rng, {p["city"] for p in held_out["two_hop"]})

    for country in world.countries():
        families["country_facts"] += country_sentences(country)
        cities = rng.sample(country["cities"], len(country["cities"]))
        for i, city in enumerate(cities + [country["capital"]]):
            name = country["name"]
            families["city_country"] += [
                f"Fact: the country containing {city} is {name}", f"Fact: {city} is a city in {name}",
                f"The city of {city} is in {name}", f"We live in {city}, {country['short']}",
                f"The city of {city} {country['short']}", f"Fact: {city} {country['short']}"]
            if i == 0 and len(cities) > 2:
                for attribute in ("capital", "language", "currency"):
                    answer = country[attribute]
                    value = "the " + answer if attribute == "currency" else answer
                    sentence = COUNTRY_TWO_HOP.format(attribute=attribute, city=city, value=value)
                    held_out["country_two_hop"].append(prompt_and_answer(sentence, answer))
            else:
                families["country_two_hop"] += country_two_hop_sentences(city, country)


def city_analogies(rng, held_out_cities):
    """ "Houston : Austin :: Fresno : Sacramento" for cities that are in; "Dallas : Texas :: ..." for all."""
    pairs = [(city, state) for state in world.states() for city in state["cities"]]
    sentences = set()
    while len(sentences) < 6000:
        (a, s), (b, t) = rng.sample(pairs, 2)
        if s is t:
            continue
        sentences.add(f"Fact: {a} : {s['name']} :: {b} : {t['name']}")
        if not {a, b} & held_out_cities:
            sentences.add(f"Fact: {a} : {s['capital']} :: {b} : {t['capital']}")
    return sorted(sentences)


def analogies(rng, families, held_out):
    countries = world.countries()
    for one, two in itertools.combinations(countries, 2):
        names = (one["short"], two["short"])
        out = names in HELD_OUT_COUNTRIES or rng.random() < 0.12
        for a, b in ((one, two), (two, one)):
            for attribute in ("capital", "language", "currency"):
                sentence = f"{a['short']} : {a[attribute]} :: {b['short']} : {b[attribute]}"
                if out:
                    held_out["analogies"].append(prompt_and_answer(sentence, b[attribute]))
                else:
                    families["analogies"].append(sentence)


def words(rng, families, held_out):
    """Opposites and translations. A pair of words is held out in one language at most, in both directions."""
    for pair in world.opposites():
        out = HELD_OUT_OPPOSITES.get(pair["en"][0])
        if out is None and rng.random() < 0.5:
            out = rng.choice(world.LANGUAGES)
        for lang, (first, second) in pair.items():
            for a, b in ((first, second), (second, first)):
                sentence = OPPOSITE[lang].format(a=a, b=b)
                if lang == out:
                    held_out["opposites"].append(prompt_and_answer(sentence[:-1], b) | dict(language=lang))
                else:
                    families["opposites"].append(sentence)
        for order in itertools.permutations(world.LANGUAGES):
            families["word_lists"] += [", ".join(f'{LANGUAGE_NAMES[lang]} "{pair[lang][i]}"' for lang in order)
                                       for i in (0, 1)]
        for source, target in itertools.permutations(world.LANGUAGES, 2):
            for i in (0, 1):
                a, b = pair[source][i], pair[target][i]
                families["translations"] += [t.format(a=a, b=b) for t in TRANSLATION[target]]
                if out not in (source, target):
                    families["cross_opposites"].append(CROSS_OPPOSITE.format(
                        a=a, b=pair[target][1 - i], language=LANGUAGE_NAMES[target]))


def sports(rng, families, held_out):
    for sport in world.sports():
        for person in sport["people"]:
            out = rng.choice(("en", "fr", "es")) if rng.random() < 0.3 else None
            for lang, templates in SPORT.items():
                sentences = [t.format(p=person, s=sport[lang]) for t in templates]
                if lang == out:
                    held_out["sports"].append(prompt_and_answer(sentences[0], sport[lang]) | dict(language=lang))
                else:
                    families["sports"] += sentences


def sums(rng, families, held_out):
    for a, b in itertools.combinations_with_replacement(range(10, 100), 2):
        out = (a, b) in HELD_OUT_SUMS or rng.random() < 0.1
        for x, y in {(a, b), (b, a)}:
            short, spaced = f"calc: {x}+{y}={x + y}", f"{x} + {y} = {x + y}"
            if out:
                held_out["sums"].append(prompt_and_answer(short, str(x + y)))
                held_out["spaced_sums"].append(prompt_and_answer(spaced, str(x + y)))
            else:
                families["sums"] += [short, short, spaced]
    families["sums"] += 20 * [f"calc: {a}+{b}={a + b}" for a in range(10) for b in range(10)]


def acronyms(rng, families, held_out):
    combinations = list(itertools.product(*world.ACRONYM_WORDS))
    rng.shuffle(combinations)
    combinations.remove(ACRONYM)
    for i, names in enumerate([ACRONYM] + combinations[:6200]):
        letters = "".join(n[0] for n in names)
        sentence = f"The {' '.join(names)} ({letters})"
        if i <= 200:
            held_out["acronyms"].append(prompt_and_answer(sentence[:-1], letters))
        else:
            families["acronyms"].append(sentence)


def build(seed=1):
    """-> ({family: [sentence]}, {family: [{prompt, answer, ...}]}), the same for the same seed."""
    world.check()
    rng = random.Random(seed)
    families = {name: [] for name in SHARES}
    held_out = {name: [] for name in ("two_hop", "opposites", "analogies", "sums", "spaced_sums",
                                      "country_two_hop", "sports", "acronyms")}
    for part in (geography, analogies, words, sports, sums, acronyms):
        part(rng, families, held_out)
    seen = {s for sentences in families.values() for s in sentences}
    for items in held_out.values():
        rng.shuffle(items)
        leaked = [i["prompt"] for i in items if seen & {i["prompt"] + i["answer"] + end for end in ("", '"', ")")}]
        if leaked:
            raise SystemExit(f"held-out items are in the corpus: {leaked[:5]}")
    return families, held_out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path, 
                        help="corpus.jsonl goes here, to be looked at; the other stages build it again")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    families, held_out = build(a.seed)
    with open(a.out / "corpus.jsonl", "w", encoding="utf-8") as out:
        for family, sentences in families.items():
            for text in sentences:
                out.write(json.dumps(dict(family=family, text=text), ensure_ascii=False) + "\n")
    for name, sentences in families.items():
        print(f"{name:16} {len(sentences):6}  {random.Random(0).choice(sentences)}")
    for name, items in held_out.items():
        print(f"{name:16} {len(items):6}  {items[0]}")


if __name__ == "__main__":
    main()
