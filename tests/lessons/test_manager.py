"""The client that runs the cells of a page: it goes on at a kernel's first answer, and asks again if there is none."""

from queue import Empty

import pytest
from scene import play

from firstepoch.lessons.classroom.manager import KernelClient

REPLY = {"msg_type": "kernel_info_reply", "content": {"protocol_version": "5.3"}}


class Channel:
    """Gives these messages one after the other, None where it is silent, and fails if it is read on."""

    def __init__(self, *messages):
        self.left = list(messages)

    async def get_msg(self, timeout):
        message = self.left.pop(0)
        if message is None:
            raise Empty
        return message


class Client(KernelClient):
    """Of a kernel that says this much."""

    shell_channel = iopub_channel = None

    def __init__(self, shell, iopub, alive=True):
        super().__init__()
        self.shell_channel, self.iopub_channel = Channel(*shell), Channel(*iopub)
        self.asked, self.alive = 0, alive

    def kernel_info(self):
        self.asked += 1

    async def is_alive(self):
        return self.alive


@pytest.mark.parametrize(
    ("shell", "iopub", "asked"),
    [
        ([REPLY], [{"busy": True}], 1),
        ([None, REPLY], [{"busy": True}], 2),
        ([REPLY, REPLY], [None, {"busy": True}], 2),
    ],
    ids=["at once", "answered late", "not heard at first"],
)
def test_it_goes_on_at_the_first_answer_that_is_heard(shell, iopub, asked):
    client = Client(shell, iopub)
    play(client.wait_for_ready(60))
    assert client.asked == asked and not client.shell_channel.left and not client.iopub_channel.left


def test_a_kernel_that_died_or_says_nothing_is_told():
    with pytest.raises(RuntimeError, match="died"):
        play(Client([None], [], alive=False).wait_for_ready(60))
    with pytest.raises(RuntimeError, match="in 0 seconds"):
        play(Client([None, None], []).wait_for_ready(0))
