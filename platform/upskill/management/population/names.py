"""Invented names, as the demo has them: real first names, and surnames made of words that are no surnames."""

import unicodedata

import numpy as np

from upskill.people.demo import DOMAIN

_FIRST = """
Aaliyah Abdul Adaeze Agnieszka Ahmed Aisha Alan Alasdair Aled Alice Amara Amelia Amir Andrew Angharad Anita Anwar
Aoife Arjun Asha Barbara Ben Bethan Blessing Bronwen Callum Carlos Catrin Charlotte Chidi Chloe Chloë Claire Connor
Daisy Daniel David Deepa Delroy Dilys Donna Dylan Ebony Edward Eilidh Elena Ella Emeka Emily Emma Errol Esther Ewan
Fatima Femi Fiona Florence Gareth George Grace Gwen Hamish Hannah Harriet Hassan Helen Hiroko Huda Ian Imran Ines
Iqra Isla Jack Jamila Jane Jasmine Javier Jia Joanna John José Joyce Julia Kareem Karen Kasia Kayode Keira Kofi
Kwame Lara Layla Lena Lewis Liam Linh Lucy Mair Malik Marcus Margaret Maria Marta Maya Megan Mei Mohammed Morag
Nadia Naomi Natasha Ngozi Nia Niamh Nikhil Noor Olivia Oluwaseun Omar Oscar Owen Pablo Patience Paul Peter Piotr
Priya Rachel Rajesh Rania Rhiannon Rhys Robert Rosa Ruth Ryan Saira Samuel Sanjay Sara Sean Seren Shanice Sioned
Siobhan Sofia Stephen Suki Sunita Tariq Tendai Thomas Tunde Uzma Vikram Violet Wei Wendy William Winston Yasmin
Yusuf Zainab Zara Zofia
"""
_BEGINNINGS = """
Apple Barrel Basket Beacon Biscuit Blanket Bottle Bramble Brass Bucket Button Candle Carpet Castle Cherry Cloud
Clover Copper Cotton Cradle Crumpet Daisy Drum Feather Fiddle Garden Ginger Glitter Harbour Honey Ivory Kettle
Lantern Lemon Linen Marble Meadow Mitten Muffin Nutmeg Orchard Paper Pebble Pepper Pickle Pocket Quilt Ribbon Saddle
Saffron Sail Silver Spindle Sugar Teapot Thimble Thistle Tinsel Toffee Treacle Velvet Wicker Willow Woollen
"""
_ENDINGS = """
apron arch ball band barrow beam bell berry bobbin bonnet boot bow box bracket brick broom brush bunting button
cabin cake chair chest clip cloth comb crate cup cushion drawer feather fence flask frame gate glove hat hinge hook
jar jug kite knob label ladder lamp latch mat mug nib nail page pail peg pin plum pot quill rack rail reel ring rope
rug sack scoop shelf shutter spoon stool string tile tin towel tray trunk twine whistle wick window
"""

FIRST, BEGINNINGS, ENDINGS = _FIRST.split(), _BEGINNINGS.split(), _ENDINGS.split()


def names(number: int, *, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """So many full names, some of them alike, and for each the beginning of an address, which a number completes."""
    first, begin, end = (rng.integers(0, len(words), number).tolist() for words in (FIRST, BEGINNINGS, ENDINGS))
    plain = [unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower() for word in FIRST]
    full = [f"{FIRST[a]} {BEGINNINGS[b]}{ENDINGS[c]}" for a, b, c in zip(first, begin, end, strict=True)]
    mail = [f"{plain[a]}.{BEGINNINGS[b].lower()}{ENDINGS[c]}" for a, b, c in zip(first, begin, end, strict=True)]
    return full, mail


def address(mail: str, *, number: int) -> str:
    """The address of the person with this staff number."""
    return f"{mail}.{number}@{DOMAIN}"
