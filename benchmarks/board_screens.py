"""Screens for the board benchmark: plain sockets in a process of their own, so that they disturb nobody.

python -m benchmarks.board_screens <port> reads "topic session" lines, opens a stream for each, says
"ready", and after a line on standard input tells when each count of answers was first seen.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

SEEN: dict[str, list[tuple[int, float]]] = {}
OPENED: set[str] = set()
MESSAGES = 0


async def screen(port: int, place: str, session: str) -> None:
    """One open board: notes when each count of the month's answers arrives."""
    global MESSAGES
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(
        f"GET /live/stream?topic=board:{place} HTTP/1.1\r\nHost: localhost:{port}\r\n"
        f"Cookie: sessionid={session}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    kept = SEEN.setdefault(place, [])
    async for line in reader:
        if not line.startswith(b"data: {") or b'"sales"' not in line:
            continue
        now = time.monotonic()
        MESSAGES += 1
        start = line.index(b'"month":{"n":', line.index(b'"sales"')) + 13
        n = int(line[start : line.index(b",", start)])
        OPENED.add(place)
        if not kept or n > kept[-1][0]:
            kept.append((n, now))


async def main(port: int) -> None:
    """Open all, wait for the word, tell."""
    wanted = [line.split() for line in iter(sys.stdin.readline, "\n")]
    began = time.monotonic()
    tasks = [asyncio.create_task(screen(port, place, session)) for place, session in wanted]
    while len(OPENED) < len(wanted):
        broken = [task for task in tasks if task.done()]
        if broken or time.monotonic() - began > 120:
            raise SystemExit(f"{len(OPENED)} of {len(wanted)} screens opened; {broken[:1]}")
        await asyncio.sleep(0.05)
    print(json.dumps({"ready": time.monotonic() - began}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    lost = sum(task.done() for task in tasks)
    print(json.dumps({"seen": SEEN, "messages": MESSAGES, "lost": lost}), flush=True)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
