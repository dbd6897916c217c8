"""Stems of English and Russian: Snowball's, held back where it takes one word for another."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from tribute.search.fold import fold

# Words that are formed anew, not inflected: Snowball would make `memorial` one with `memory`, `peaceful` with `peace`.
_DERIVED = re.compile("(?:ful|less|ness|ly|al|ity|ous|ism|ist|ic|ship|hood|dom)$")
# Words that are in every text: no stem of theirs is worth its place. The Russian ones are folded.
ENGLISH_FUNCTION = frozenset(
    """the and that this these those with from have has had was were are been being will would shall should could can
    may might must not for but they them their theirs there here when where which while who whom whose what why how you
    your yours our ours his her hers him its she into onto upon over under about after before again than then some any
    all each every both more most much many such only own same very just also too does did done because through
    between against during""".split()
)
RUSSIAN_FUNCTION = frozenset(
    """это этот эта эти этого этои этому этом этих этим того тои тому том тех тем тот так такои такие такая также тоже
    что чтобы чего чему чем кто кого кому кем как какои какая какие когда где куда откуда почему потому если или либо
    она они оно его него нее них ним ими ней нам нас вам вас мне меня мнои тебя тебе себя себе мои моя мое моего моеи
    моему наш наша наше наши нашу нашего нашеи наших нашим ваш ваша ваше ваши вашу вашего вашеи ваших вашим свои своя
    свое своего своеи своих своим все всех всем всеми весь вся всю всего всеи был была было были быть будет будут
    есть нет для без над под при про перед после между через около среди против ради даже уже еще лишь только очень
    более больше также который которая которое которые которого которои которому которых которым можно надо нельзя
    здесь там тут теперь тогда сеичас всегда никогда""".split()
)

_PLURAL = re.compile("ies$|(?<=ss|ch|sh)es$|(?<=[^su])s$")
_IRREGULAR = {
    form: base
    for base, forms in {
        "child": "children", "man": "men", "woman": "women", "life": "lives", "wife": "wives", "foot": "feet",
        "tooth": "teeth", "mouse": "mice", "half": "halves", "self": "selves",
        "forget": "forgot forgotten", "lose": "lost", "fall": "fell fallen", "weep": "wept", "keep": "kept",
        "give": "gave given", "come": "came", "go": "went gone goes", "bring": "brought", "stand": "stood",
        "tell": "told", "say": "said", "know": "knew known", "see": "saw seen", "take": "took taken", "hear": "heard",
        "hold": "held", "think": "thought", "feel": "felt", "find": "found", "sing": "sang sung", "write":
        "wrote written", "speak": "spoke spoken", "break": "broke broken", "begin": "began begun", "sleep": "slept",
        "grow": "grew grown", "rise": "rose risen", "wear": "wore worn", "teach": "taught", "fight": "fought",
        "buy": "bought", "catch": "caught", "send": "sent", "build": "built",
        "learn": "learnt", "burn": "burnt", "shine": "shone", "carry": "carried carries", "choose": "chose chosen",
        "drive": "drove driven", "steal": "stole stolen", "pay": "paid", "meet": "met", "lead": "led", "run": "ran",
        "swear": "swore sworn", "bear": "bore borne", "sit": "sat", "wake": "woke woken", "eat": "ate eaten",
    }.items()
    for form in forms.split()
}  # fmt: skip

# One word whose forms Snowball leaves with several stems: its stem, and the forms or stems that it takes in.
_MET = {
    other: stem
    for stem, others in {
        "памят": "памя", "геро": "гер", "матер": "мат", "дочер": "доч", "имен": "имя", "времен": "врем", "друг": "друз",
        "сын": "сынов", "отец": "отц", "ден": "дне дня дни дню днем дням", "огон": "огн огнем", "любов": "любв",
        "люд": "людьм", "дет": "детьм", "сестр": "сестер", "сердц": "сердец", "окн": "окон", "песн": "песен",
        "письм": "писем", "цветк": "цветок цвет", "сем": "семе", "ветер": "ветр", "церков": "церкв", "камен": "камн",
        "земл": "земел земля", "угол": "угл", "венк": "венок", "ребенк": "ребенок", "корен": "корн", "боец": "боиц",
        "могил": "могила могил", "поко": "пок", "случа": "слуга", "музе": "муз", "небес": "неб", "бабушк": "бабушек",
        "девочк": "девочек", "девушк": "девушек", "горе": "горе горя горю горем",
        "жит": "живет живут живем живешь жил жила жили жило", "спат": "спит спят спал спала спали спите спим",
        "горд": "горж", "соседк": "соседок", "заб": "забуд забудет забудут забудем", "люб": "любл", "плач": "плака плачет плачут плачем",
        "горет": "горит горят горел горела горели горело гореть", "ждат": "ждет ждут ждем ждал ждала ждали жду",
        "вид": "виж видел", "стоя": "стоит стоят стою стоим", "погиб": "погибнут погибл погибнет",
        "верн": "вернул вернет вернут", "ушл": "ушел ушла ушли", "пришл": "пришел пришла пришли",
        "нашл": "нашел нашла нашли", "умер": "умерл умереть умрет", "сказа": "скаж", "писа": "пиш", "скорб": "скорбл скорбел",
        "прост": "прощ",
    }.items()
    for other in others.split()
}  # fmt: skip
_INFINITIVE = re.compile("(?<=.{3})(?<!меч)еть(?=(?:ся)?$)")
_VERBAL = re.compile("(?<=[жчшщ])а$|(?<=.{4})(?:ова|у)$")  # what Snowball leaves of some forms of a verb only


@lru_cache(maxsize=1 << 15)
def english(folded: str) -> str:
    """The stem of a folded English word."""
    whole = _IRREGULAR.get(folded, folded)
    one = _PLURAL.sub(lambda found: "y" if found.group() == "ies" else "", whole)
    if _DERIVED.search(one):
        return one
    # A stemmer keeps its place in the word, so threads can't share one.
    return str(snowballstemmer.stemmer("english").stemWord(whole))


@lru_cache(maxsize=1 << 15)
def russian(lowered: str) -> str:
    """The folded stem of a Russian word in lower case; й must still be й."""
    word = lowered.replace("ё", "е")
    if word in _MET:
        return _MET[word]
    stem = fold(snowballstemmer.stemmer("russian").stemWord(_INFINITIVE.sub("ить", word)))
    return _MET.get(stem) or _VERBAL.sub("", stem)
