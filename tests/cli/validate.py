#!/usr/bin/python3
"""Hold each line of standard input to docs/record.schema.json.

validate.py SCHEMA [COUNT]: says what is wrong with which line, and that there
are COUNT of them. Ends with 1 when something is wrong.
"""
import json
import sys

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    wrong = number = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            if not line.endswith(b"\n"):
                raise ValueError("no line end")
            problems = [error.message
                        for error in validator.iter_errors(json.loads(line))]
        except ValueError as error:
            problems = [str(error)]
        for problem in problems:
            print(f"line {number}: {problem}")
        wrong += bool(problems)
    if len(sys.argv) > 2 and number != int(sys.argv[2]):
        print(f"{number} lines, expected {sys.argv[2]}")
        wrong += 1
    return bool(wrong)


sys.exit(main())
