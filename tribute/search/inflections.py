"""Stems of English and Russian: Snowball's, held back where it takes one word for another."""

from __future__ import annotations

import re
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]
from snowballstemmer.russian_stemmer import RussianStemmer  # type: ignore[import-untyped]

from tribute.search.fold import fold

# Words that are formed anew, not inflected: Snowball would make `memorial` one with `memory`, `peaceful` with `peace`.
_DERIVED = re.compile("(?:ful|less|ness|ly|al|ity|ous|ism|ist|ic|ship|hood|dom|ment|ion|[ae]nce|[ae]nt|.{4}ive)$")
# ruff: noqa: SIM905  a list of words is read more easily as a text
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
    здесь там тут теперь тогда сеичас всегда никогда именно
    другои другие других другими другое другого другая другую любои любая любое любые любых
    любого любом любую""".split()
)

_PLURAL = re.compile("ies$|(?<=ss|ch|sh)es$|(?<=[^su])s$")
IRREGULAR = {
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
        "swear": "swore sworn", "bear": "bore borne", "sit": "sat",
        "witness": "witnesses witnessed witnessing", "wake": "woke woken", "eat": "ate eaten",
    }.items()
    for form in forms.split()
}  # fmt: skip

# One word whose forms Snowball leaves with several stems, or two words with one: the stem, and what it takes in, be it
# a form or Snowball's stem.
_MET = {
    other: stem
    for stem, others in {
        "боец": "боиц", "бабушк": "бабушек", "венк": "венок", "ветер": "ветр", "воина": "войн", "времен": "врем",
        "геро": "гер", "горе": "горе горя горю горем",
        "девочк": "девочек", "девушк": "девушек", "ден": "дне дня дни дню днем дням",
        "дет": "детьм", "дочер": "доч", "друг": "друз", "земл": "земел земля", "имен": "имя имена", "камен": "камн",
        "корен": "корн", "любов": "любв", "люд": "людьм", "матер": "мат", "могил": "могила могил", "музе": "муз",
        "небес": "неб", "огон": "огн огнем", "окн": "окон", "отец": "отц", "памят": "памя", "песн": "песен",
        "письм": "писем", "поко": "покой покоя покою покоем", "ребенк": "ребенок", "сем": "семе", "семь": "семь",
        "сердц": "сердец", "сестр": "сестер", "случа": "случай", "соседк": "соседок", "сын": "сынов", "угол": "угл",
        "цветк": "цветок цвет", "церков": "церкв",
        "бра": "брать", "вери": "верить верю верим верит верят верили верил верила", "верн": "вернул вернет вернут",
        "вид": "виж видел", "горд": "горж", "горет": "горит горят горел горела горели горело гореть",
        "жит": "живу живет живут живем живешь жил жила жили жило", "ждат": "ждет ждут ждем ждал ждала ждали жду",
        "заб": "забуд забудет забудут забудем", "люб": "любл", "нашл": "нашел нашла нашли", "писа": "пиш",
        "плака": "плака плачет плачут плачем плачу", "погиб": "погибнут погибл погибнет",
        "пришл": "пришел пришла пришли", "прост": "прощ", "свети": "светить светит светят светила светили",
        "сказа": "скаж", "скорбе": "скорбим скорбит скорбят скорблю скорбел скорбеть",
        "спат": "спит спят спал спала спали спите спим", "стоя": "стоит стоят стою стоим",
        "умер": "умерл умереть умрет",
        "ушл": "ушел ушла ушли",
    }.items()
    for other in others.split()
}  # fmt: skip
_INFINITIVE = re.compile("(?<=.{3})(?<!меч)еть(?=(?:ся)?$)")
_VERBAL = re.compile("(?<=[жчшщ])а$|(?<=.{4})(?:ова|у)$")  # what Snowball leaves of some forms of a verb only

ENGLISH_COMMON = ENGLISH_FUNCTION.union(IRREGULAR, IRREGULAR.values())  # no names


@lru_cache(maxsize=1 << 13)
def english(folded: str) -> str:
    """The stem of a folded English word."""
    whole = IRREGULAR.get(folded) or IRREGULAR.get(folded.removesuffix("s"), folded)
    one = _PLURAL.sub(lambda found: "y" if found.group() == "ies" else "", whole)
    if _DERIVED.search(one):
        return one.removesuffix("e")
    # A stemmer keeps its place in the word, so threads can't share one.
    return str(EnglishStemmer().stemWord(whole))


@lru_cache(maxsize=1 << 13)
def russian(lowered: str) -> str:
    """The folded stem of a Russian word in lower case; й must still be й."""
    word = lowered.replace("ё", "е")
    if word in _MET:
        return _MET[word]
    stem = str(RussianStemmer().stemWord(_INFINITIVE.sub("ить", word)))
    return _MET.get(stem) or _MET.get(fold(stem)) or _VERBAL.sub("", fold(stem))
