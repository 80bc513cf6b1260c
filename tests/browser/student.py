"""A student without a browser: asks for a page, and speaks the protocol of its widgets as the page would."""

import asyncio
import json
import re
import time
import uuid
from http.cookies import SimpleCookie

from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

CONTROL = "jupyter.widget.control"
V1 = "v1.kernel.websocket.jupyter.org"
"""Name of the framing of messages that pages use."""


class Student:
    """One student at one page.

    Args:
        url: Address of the server.
        lesson: Name of the notebook.
        timeout: Seconds until a page counts as failed.
        protocols: Framings of messages it offers to the server; none for the old one.
    """

    def __init__(self, url, lesson, timeout=300, protocols=(V1,)):
        self.url, self.lesson, self.timeout, self.protocols = url, lesson, timeout, protocols
        self.session = uuid.uuid4().hex
        self.cookies = {}
        self.states = {}
        self.heard = []
        self.seen = asyncio.Event()

    async def arrive(self):
        """Load the page, with the cookies there are, and the states of all its widgets.

        Returns:
            The seconds to each: text, page, widgets.
        """
        AsyncHTTPClient.configure(None, max_clients=1000, max_body_size=1 << 30)
        began = time.monotonic()
        moments, page = {}, bytearray()

        def hear(chunk):
            moments.setdefault("text", time.monotonic() - began)
            page.extend(chunk)

        address = f"{self.url}voila/render/{self.lesson}.ipynb"
        request = HTTPRequest(
            address,
            headers=self._headers(),
            streaming_callback=hear,
            request_timeout=self.timeout,
            connect_timeout=self.timeout,
        )
        answer = await AsyncHTTPClient().fetch(request)
        for line in answer.headers.get_list("Set-Cookie"):
            self.cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        moments["page"] = time.monotonic() - began
        config = re.search(rb'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)[1]
        self.kernel = json.loads(config)["kernelId"]
        self.socket = await self.connect()
        self.listening = asyncio.ensure_future(self._listen())
        comm = uuid.uuid4().hex
        await self.send("comm_open", {"comm_id": comm, "target_name": CONTROL, "data": {}}, {"version": "1.0.0"})
        await self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        await asyncio.wait_for(self.until(lambda: self.states), self.timeout)
        moments["widgets"] = time.monotonic() - began
        return moments

    async def connect(self, cookies=None, session=None, headers=()):
        """Open a socket to the kernel of the page."""
        address = f"{self.url.replace('http', 'ws', 1)}api/kernels/{self.kernel}/channels"
        request = HTTPRequest(
            f"{address}?session_id={session or self.session}",
            headers={**self._headers(cookies), **dict(headers)},
            request_timeout=self.timeout,
        )
        return await websocket_connect(request, max_message_size=1 << 30, subprotocols=list(self.protocols) or None)

    async def send(self, kind, content, metadata=None, channel="shell"):
        """Send one message; returns its id."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": self.session}
        header |= {"version": "5.3", "date": "2026-01-01T00:00:00Z"}
        message = {"header": header, "parent_header": {}, "metadata": metadata or {}, "content": content}
        if self.socket.selected_subprotocol == V1:
            framed = serialize_msg_to_ws_v1(message, channel, lambda part: json.dumps(part).encode())
            await self.socket.write_message(framed, binary=True)
        else:
            await self.socket.write_message(json.dumps({**message, "channel": channel, "buffers": []}))
        return header["msg_id"]

    def _read(self, raw):
        """A message as it was framed."""
        if isinstance(raw, str):
            return json.loads(raw)
        if self.socket.selected_subprotocol != V1:
            return deserialize_binary_message(raw)
        parts = ("header", "parent_header", "metadata", "content")
        return dict(zip(parts, map(json.loads, deserialize_msg_from_ws_v1(raw)[1]), strict=False))

    async def _listen(self):
        while (raw := await self.socket.read_message()) is not None:
            message = self._read(raw)
            content, parent = message["content"], message["parent_header"].get("msg_id")
            self.heard.append({"msg_type": message["header"]["msg_type"], "parent": parent})
            data = content.get("data", {}) if message["header"]["msg_type"] == "comm_msg" else {}
            if data.get("method") == "update_states":
                self.states.update({model: one["state"] for model, one in data["states"].items()})
            elif data.get("method") == "update" and content["comm_id"] in self.states:
                self.states[content["comm_id"]].update(data["state"])
            self.seen.set()

    async def until(self, there):
        """Wait until something holds of what was heard; returns it."""
        while not (found := there()):
            self.seen.clear()
            await self.seen.wait()
        return found

    def find(self, **state):
        """The id of the widget with these values of its traits."""
        return next(
            key for key, found in self.states.items() if all(found.get(name) == value for name, value in state.items())
        )

    @property
    def live(self):
        """The id of the LiveTraining on the page."""
        return self.find(_anywidget_id="firstepoch.widgets.training.widget.LiveTraining")

    async def set(self, key, **state):
        """Set traits of a widget, as one who uses its fields."""
        self.states[key].update(state)
        await self.send("comm_msg", {"comm_id": key, "data": {"method": "update", "state": state, "buffer_paths": []}})

    async def press(self, key, kind):
        """Press a button of a widget."""
        await self.send("comm_msg", {"comm_id": key, "data": {"method": "custom", "content": {"kind": kind}}})

    async def sees(self, key, wanted, timeout=300):
        """Wait until what a widget shows is as wanted; its values of traits."""
        await asyncio.wait_for(self.until(lambda: wanted(self.states[key])), timeout)
        return self.states[key]

    async def leave(self):
        """Close the page as a browser does: its socket, and its kernel."""
        self.socket.close()
        self.listening.cancel()
        await self.ask("POST", f"voila/api/shutdown/{self.kernel}", body=b"")

    async def ask(self, method, path, **options):
        """Any other request of the page; what it answers, also when that is an error."""
        request = HTTPRequest(f"{self.url}{path}", method, {**self._headers(), **options.pop("headers", {})}, **options)
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    def _headers(self, cookies=None):
        given = self.cookies if cookies is None else cookies
        cookies = "; ".join(f"{name}={value}" for name, value in given.items())
        return {"Cookie": cookies, "X-XSRFToken": self.cookies.get("_xsrf", "")}
