"""`python -m tests.faults --rounds 200`: programs are killed, disks become full and refuse; nothing may be lost.

A line for each round; the exit status is 1 where one went wrong, and the options are told that repeat it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.faults.refusing import UnavailableError, build
from tests.faults.rounds import BY_CHANCE, REFUSE, Round, by_chance, refusals
from tests.faults.zygote import Zygote


def main() -> int:
    options = _options()
    begun, count, wrong = perf_counter(), 0, []
    with TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as name:
        for each in _rounds(Path(name).resolve(), options):
            result = each.run()
            count += 1
            if not result.right:
                wrong.append(f"{each.what}\n{result.text}    again: python -m tests.faults {each.again}\n")
            print(f"{count:5}  {each.what}: {result.text if result.right else 'WRONG'}", flush=True)
    print("\n".join(["", *wrong, f"{count} rounds in {perf_counter() - begun:.0f} s, {len(wrong)} wrong"]))
    return int(bool(wrong))


def _rounds(folder: Path, options: argparse.Namespace) -> Iterator[Round]:
    kinds = options.only or [*BY_CHANCE, REFUSE]
    for kind in kinds:
        if kind in BY_CHANCE:
            with Zygote(folder) as zygote:
                yield from by_chance(zygote, folder, kind, options.rounds, options.seed)
            continue
        try:
            refusing = build(folder)
        except UnavailableError as reason:
            print(f"       {kind}: skipped, since {reason}")
            continue
        with Zygote(folder, refusing) as zygote:
            yield from refusals(zygote, folder, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="of each kind; of refused calls, for each act")
    parser.add_argument("--only", action="append", choices=[*BY_CHANCE, REFUSE])
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the first round")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
