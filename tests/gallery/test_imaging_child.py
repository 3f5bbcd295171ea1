"""The decoder's process: what is wrong with one picture, or kills its child, loses that picture alone."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest

from gallery import imaging
from gallery.files import StorageUnavailable
from gallery.imaging import DecoderUnavailable, PictureRefused, host, making, render
from tests import odd_pictures as odd

pytestmark = pytest.mark.once

GOOD = odd.small("JPEG")


@pytest.fixture(scope="module")
def endless():
    """A JPEG of some hundred kilobytes that takes a decoder half a minute."""
    return odd.endless_jpeg()


def works():
    return render(BytesIO(GOOD), widths=[64]).width == 72


def refusal(data, **options):
    with pytest.raises(PictureRefused) as caught:
        render(BytesIO(data), **options)
    return caught.value


def host_pid():
    assert works()
    return host.current().process.pid


def child_of(pid):
    """The pid of the child that the process `pid` has, once it has one."""
    for _try in range(500):
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError("no child")


def while_decoding(data, act):
    """What `render` raised, or returned, while `act(pid of the child)` was done to it."""
    outcome = []

    def decode():
        try:
            outcome.append(render(BytesIO(data), widths=[64]))
        except Exception as error:
            outcome.append(error)

    pid = host_pid()
    thread = threading.Thread(target=decode)
    thread.start()
    act(child_of(pid))
    thread.join(60)
    return outcome[0]


class TestLimits:
    def test_picture_that_takes_too_long_is_refused(self, endless, settings, monkeypatch):
        """By processor time, here long before the clock would end it."""
        monkeypatch.setattr(making, "CLOCK", 1000)
        settings.DECODE_SECONDS = 1
        pid = host_pid()
        caught = refusal(endless, widths=[64])
        assert caught.code == "too_costly"
        assert "more time or memory" in caught.message
        assert host_pid() == pid

    def test_picture_that_uses_no_processor_is_not_waited_for(self, endless, settings, monkeypatch):
        """By the clock, here long before the limit of processor time."""
        monkeypatch.setattr(making, "CLOCK", 0.001)
        settings.DECODE_SECONDS = 1000
        assert refusal(endless, widths=[64]).code == "too_costly"
        monkeypatch.undo()
        assert works()

    def test_picture_that_takes_too_much_memory_is_refused(self, settings):
        data = odd.png(6000, 4000, depth=1, colour=0)
        settings.DECODE_MEMORY = 100_000_000
        assert refusal(data, widths=[64]).code == "too_costly"
        assert len(data) < 10_000

    def test_limits_are_those_of_the_settings(self, settings, monkeypatch):
        jobs = []

        def run(input, new_output, job):
            jobs.append(job)
            raise DecoderUnavailable

        monkeypatch.setattr(host, "run", run)
        settings.DECODE_SECONDS, settings.DECODE_MEMORY, settings.UPLOAD_MAX_PIXELS = 7, 123_000_000, 9_000_000
        with pytest.raises(DecoderUnavailable):
            render(BytesIO(GOOD))
        assert (jobs[0]["seconds"], jobs[0]["memory"], jobs[0]["most_pixels"]) == (7, 123_000_000, 9_000_000)


class TestDeath:
    @pytest.mark.parametrize(
        ("how", "code"),
        [
            (signal.SIGKILL, "too_costly"),
            (signal.SIGSEGV, "crashed"),
            (signal.SIGABRT, "crashed"),
            (signal.SIGBUS, "crashed"),
        ],
    )
    def test_child_that_dies_loses_its_picture_alone(self, endless, how, code):
        """As a decoder's bug, an abort of its library, or the machine's memory would end it."""
        pid = host_pid()
        outcome = while_decoding(endless, lambda child: os.kill(child, how))
        assert isinstance(outcome, PictureRefused)
        assert outcome.code == code
        assert host_pid() == pid

    def test_another_picture_is_decoded_meanwhile(self, endless):
        assert isinstance(while_decoding(endless, lambda child: (works(), os.kill(child, 9))), PictureRefused)

    def test_host_that_dies_is_started_again(self):
        pid = host_pid()
        os.kill(pid, signal.SIGKILL)
        assert host_pid() != pid

    def test_host_that_dies_in_the_middle_is_started_again_and_the_picture_with_it(self):
        outcome = while_decoding(odd.endless_jpeg(5), lambda _child: os.kill(host.current().process.pid, 9))
        assert outcome.width == 6000

    def test_host_that_cannot_start_is_not_the_pictures_fault(self, monkeypatch):
        """Tasks meet it as they meet a storage that is down, and come again."""
        host.discard(host.current())
        monkeypatch.setattr(host, "START", "raise SystemExit(3)")
        with pytest.raises(DecoderUnavailable) as caught:
            works()
        assert isinstance(caught.value, StorageUnavailable)
        monkeypatch.undo()
        assert works()

    def test_host_ends_with_the_process_that_started_it(self):
        one = host.Host()
        one.control.close()
        assert one.process.wait(timeout=10) == 0

    def test_fork_of_a_process_gets_a_host_of_its_own(self):
        mine = host_pid()
        reads, writes = os.pipe()
        if not (child := os.fork()):
            try:
                os.write(writes, str(host_pid()).encode())
                host.stop()
            finally:
                os._exit(0)
        os.close(writes)
        with os.fdopen(reads) as pipe:
            theirs = int(pipe.read())
        os.waitpid(child, 0)
        assert theirs != mine
        assert host_pid() == mine


class TestRoom:
    @pytest.mark.parametrize("real", [True, False])
    def test_full_disk_is_not_the_pictures_fault(self, real, monkeypatch, tmp_path):
        """Where a copy is made of what the storage gives, and where the child writes. /dev/full is such a disk."""
        monkeypatch.setattr(making.tempfile, "TemporaryFile", lambda: Path("/dev/full").open("w+b", buffering=0))  # noqa: SIM115
        path = tmp_path / "one"
        path.write_bytes(GOOD)
        with path.open("rb") as file, pytest.raises(DecoderUnavailable):
            render(file if real else BytesIO(GOOD))

    def test_nonsense_from_the_child_is_a_crash(self, monkeypatch):
        """A decoder that was taken over may write anything."""
        output = BytesIO(b"\0\0\0\x09not JSON!")
        monkeypatch.setattr(host, "run", lambda *_: ({"status": 0, "seconds": 0, "memory": 0}, output))
        assert refusal(GOOD).code == "crashed"

    def test_real_file_that_is_open_for_reading_is_not_copied(self, tmp_path):
        path = tmp_path / "one"
        path.write_bytes(GOOD)
        with path.open("rb") as file:
            assert making.spooled(file).file is file
        with path.open("r+b") as file, making.spooled(file) as copy:
            assert copy is not file

    def test_file_is_back_at_its_start(self):
        file = BytesIO(GOOD)
        render(file, widths=[64])
        assert file.tell() == 0


class TestApart:
    def test_host_knows_nothing_of_the_site(self, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "a key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another key")
        monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
        one = host.Host()
        try:
            one.control.setblocking(True)
            environment = Path(f"/proc/{one.process.pid}/environ").read_bytes().split(b"\0")
            names = {line.split(b"=")[0].decode() for line in environment if line}
            assert names <= {*host.OWN, *host.KEPT}
            folder = Path(f"/proc/{one.process.pid}/fd")
            opened = {os.readlink(path) for path in folder.iterdir() if int(path.name) > 2}
            assert all(
                name.startswith(("socket:", "pipe:", "anon_inode:")) or ".so" in name or ".py" in name
                for name in opened
            )
        finally:
            one.close()

    def test_machine_without_memory_takes_a_decoder_and_no_web_worker(self):
        assert Path(f"/proc/{host_pid()}/oom_score_adj").read_text().strip() == "1000"

    def test_host_reads_no_django_and_no_decoder_but_ours(self):
        program = (
            "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
            "from decoder import serve; serve.prepare();"
            "from PIL import Image; Image.init(); Image.preinit();"
            "print(json.dumps([sorted(Image.OPEN), sorted(sys.modules)]))"
        )
        paths = json.dumps([str(Path(host.__file__).parent), *sys.path])
        answer = subprocess.run(
            [sys.executable, "-S", "-c", program, paths], capture_output=True, text=True, check=True, cwd="/"
        )
        decoders, modules = json.loads(answer.stdout)
        assert decoders == ["AVIF", "GIF", "HEIF", "JPEG", "PNG", "WEBP"]
        assert not [
            name for name in modules if name.split(".")[0] in ("django", "wagtail", "gallery", "boto3", "willow")
        ]
        assert not [name for name in modules if "EpsImage" in name or "Jpeg2K" in name or "PsdImage" in name]

    @pytest.mark.parametrize("format", ["BMP", "TIFF", "PPM", "PSD", "EPS", "ICO", "GIF", "PNG"])
    def test_child_asks_no_other_decoder_even_where_it_is_told_that_it_is_a_jpeg(self, format, monkeypatch):
        """What would happen if the look at the head were wrong: the one decoder that it named, and no other."""
        monkeypatch.setattr(making, "inspect", lambda file: imaging.Facts("JPEG", "image/jpeg", "jpg", 24, 16))
        assert refusal(odd.of_format(format)).code == "broken"
