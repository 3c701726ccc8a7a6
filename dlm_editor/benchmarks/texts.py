"""The text of the speed tests, written for them, so that every machine measures the same."""

TEXT = "\n\n".join(" ".join(part.split()) for part in """
The library on Mill Street opens at nine, but on most mornings somebody is already waiting on the steps. In winter it is usually Mr.
Okafor, who reads the foreign papers and writes down the results of football matches in a small red notebook. In summer it is the
children, who come for the cool air first and for the books afterwards. The librarian knows all of them by name. She knows who is allowed
to stay until their mother finishes work, who will ask for the same story about the whale again, and who needs to be reminded that wet
umbrellas do not belong on the shelves. Nobody pays her for knowing these things, and nobody could write them down in a report. When the
council asked last year how the library was used, she sent them the number of loans, as she was asked to do, and then she sent them a
photograph of the steps at ten minutes to nine. There were eleven people in the picture, two dogs and a cake. The council did not answer
the letter, but the opening hours were left as they were, and in the spring a man came to repair the roof without anybody having asked
him.

Making a loaf of bread takes almost no work and a great deal of time. Stir the flour, the water, a little salt and a spoon of old dough
together in the evening until no dry flour is left, then cover the bowl and go to bed. In the morning the dough will have doubled, and it
will be full of bubbles that burst when you touch them. Fold it over itself four times, let it rest for half an hour, and fold it again.
Heat the oven until it is as hot as it can be, with an iron pot inside, and turn the dough into the pot with one quick movement. Close the
lid at once, because the steam is what makes the crust. After half an hour take the lid off and wait until the loaf is dark brown and
sounds hollow when you knock on the bottom of it. The hardest part comes last: leave it alone until it has cooled. A warm loaf smells
better than anything else in the world, but it is still cooking inside, and a knife will only turn it into glue.

My grandmother kept her letters in a tin that had once held biscuits, and she never threw one away. When we moved her to the flat by the
park, the tin went into the first box, before the plates and before the clock. She did not read the letters any more, because her eyes
were bad, but she liked to hold the tin on her knees while somebody else read to her. We took turns. My brother read too fast and left out
the weather, so she preferred me. There were letters from a cousin who had gone to work on the railway in another country, and he
described every meal he ate there. There were three from a man whose name nobody in the family had ever heard. She let me read those as
well, and she laughed at the end of each of them, but she would not say who he was. In the bottom of the tin, under everything, there was
a ticket for a ship that had sailed in June, sixty years before. It had never been used. I put it back where I had found it and read her
the letter about the soup again.

A small engine is easier to understand with the cover off. Air comes in through the filter on the left and meets a fine spray of fuel on
its way to the cylinder. The piston moves down and pulls the mixture in, moves up and presses it together, and at the top a spark sets it
on fire. The hot gas pushes the piston down again, and this is the only one of the four strokes that does any work. On the last stroke the
piston rises once more and drives the burnt gas out through the valve on the right. Everything else in the machine is there to keep this
going: oil so that the metal does not wear, water or fins so that it does not melt, a heavy wheel so that the three idle strokes are
carried by the one that counts. If the engine will not start, check these things in order. Is there fuel? Is there a spark? Does the air
get in? Most of the time the answer to one of these questions is no, and the repair costs less than the time that was spent worrying about
it.
""".split("\n\n"))


def paragraph(words: int = 200) -> str:
    """The first `words` words of the text, as one paragraph that ends with a full stop."""
    return " ".join(TEXT.split()[:words]).rstrip(".,;:") + "."


def long_document(words: int = 100_000) -> str:
    """The paragraphs over and over, until there are about so many words."""
    count = len(TEXT.split())
    return "\n\n".join([TEXT] * (words // count + 1))
