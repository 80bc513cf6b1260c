"""A student of the tests that trains and comes again, and ports for servers that need them named."""

import asyncio
import socket
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from student import Student


def free_ports(count):
    """So many ports that nobody listens at."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Pupil(Student):
    """A student at a card that trains, who may come again with the cookies of before."""

    async def train(self, epochs):
        """Press Train, and wait until that run has ended after those before it."""
        card = self.live
        wanted = [*(run["epochs"] for run in self.states[card]["runs"]), epochs]
        order = {"kind": "train", "view": "test", "settings": {"epochs": epochs}}
        await self.send("comm_msg", {"comm_id": card, "data": {"method": "custom", "content": order}})
        # A run is there, without its epochs, before it has ended.
        ended = self.until(lambda: [run["epochs"] for run in self.states[card]["runs"]] == wanted)
        await asyncio.wait_for(ended, 60)

    async def enter(self, word):
        """Give the password of the room."""
        for method, body in (("GET", None), ("POST", {"word": word})):
            form = urlencode({**body, "_xsrf": self.cookies["_xsrf"]}) if body else None
            answer = await self.ask(method, "enter", body=form, follow_redirects=False)
            for line in answer.headers.get_list("Set-Cookie"):
                self.cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        return answer.code

    async def reload(self):
        """The page again, in the same browser."""
        again = Pupil(self.url, self.lesson)
        again.cookies = dict(self.cookies)
        await again.arrive()
        return again
