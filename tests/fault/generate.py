#!/usr/bin/python3
"""Articles as JSON lines, each with an id of its own.

generate.py COUNT [WORDS [BURST SECONDS]]: with BURST, a pause of SECONDS after
so many lines.
"""
import json
import sys
import time

WORDS = ("rail train ligne gare vent turbine succès failure costly reliable "
         "office published museum bread late trains wind farm énergie").split()


def article(number, words):
    text = " ".join(WORDS[(number * 7 + k * k + k * number) % len(WORDS)]
                    for k in range(words))
    return {"id": f"a{number:06}", "title": f"Notice {number}",
            "text": f"{text}. Number {number}."}


def main():
    count = int(sys.argv[1])
    words = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    burst = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    pause = float(sys.argv[4]) if len(sys.argv) > 4 else 0
    for number in range(count):
        print(json.dumps(article(number, words), ensure_ascii=False))
        if burst and number % burst == burst - 1:
            sys.stdout.flush()
            time.sleep(pause)


main()
