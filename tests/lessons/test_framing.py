"""What is a sound message: whatever jupyter_server makes itself, and nothing that it would not read in one go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

from firstepoch.lessons.classroom.framing import sound

BUFFERS = st.lists(st.binary(max_size=40), max_size=4)
PARTS = {"header": {}, "parent_header": {}, "metadata": {}, "content": {"text": "é"}}


@given(BUFFERS, st.sampled_from(("shell", "control", "stdin")))
def test_what_jupyter_server_frames_is_sound(buffers, channel):
    assert sound(serialize_msg_to_ws_v1([b"{}"] * 4 + buffers, channel), v1=True)
    if buffers:
        assert sound(serialize_binary_message({**PARTS, "channel": channel, "buffers": buffers}), v1=False)


def test_text_is_of_the_old_framing():
    assert sound("{}", v1=False)
    assert not sound("{}", v1=True)


@pytest.mark.parametrize("v1", [True, False])
@given(data=st.data())
def test_a_sound_message_has_no_more_parts_than_it_has_room_for(v1, data):
    width, order = (8, "little") if v1 else (4, "big")
    numbers = data.draw(st.lists(st.integers(0, 2 ** (8 * width - 1) - 1) | st.integers(0, 100), max_size=6))
    message = b"".join(number.to_bytes(width, order) for number in numbers) + data.draw(st.binary(max_size=60))
    if sound(message, v1=v1):
        try:
            parts = deserialize_msg_from_ws_v1(message)[1] if v1 else deserialize_binary_message(message)["buffers"]
        except (ValueError, LookupError, TypeError):  # its parts are not those of a message
            return
        assert sum(map(len, parts)) <= len(message)
