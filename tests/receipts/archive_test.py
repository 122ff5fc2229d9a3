"""The real program is killed while it archives: archive_test.py HANGU VERIFIER. Nothing is lost or doubled."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

HANGU, VERIFIER = sys.argv[1], sys.argv[2]
sys.path.insert(0, os.path.dirname(VERIFIER))
import verify_receipt  # noqa: E402

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LATER = "2050-01-01T00:00:00.000Z"
KILLS = 12


def id_text(number):
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(13)))


class Archive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="hangu-archive-")
        cls.data = cls.root + "/data"
        cls.run_hangu("demo")
        cls.tenant = json.loads(cls.run_hangu("tenant", "list", "--json").split("\n")[0])
        while isinstance(cls.tenant, list):
            cls.tenant = cls.tenant[0]
        cls.tenant = cls.tenant["code"]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    @classmethod
    def run_hangu(cls, *words, status=0):
        done = subprocess.run([HANGU, *words, "--data", cls.data], capture_output=True, text=True,
                              check=False)
        if done.returncode != status:
            raise AssertionError("%s: %d\n%s%s" % (" ".join(words), done.returncode,
                                                   done.stdout[-2000:], done.stderr[-2000:]))
        return done.stdout

    def verified(self):
        out = self.run_hangu("audit", "verify", "--tenant", self.tenant, "--json")
        return json.loads(out.split("\n")[0])

    def file(self):
        found = [os.path.join(at, name) for at, _, names in os.walk(self.data + "/tenants")
                 for name in names if name.endswith(".db")]
        return max(found, key=os.path.getsize)

    def counts(self):
        database = sqlite3.connect("file:%s?mode=ro" % self.file(), uri=True)
        online = database.execute("select count(*) from audit_record").fetchone()[0]
        archived = database.execute(
            "select coalesce(sum(records_count), 0) from audit_archive").fetchone()[0]
        database.close()
        return online, archived

    def test_killed_at_any_moment_it_loses_and_doubles_nothing(self):
        chance = random.Random(20261122)
        before = self.verified()
        self.assertTrue(before["good"])
        self.assertGreater(before["records"], 3000)
        began = time.monotonic()
        self.run_hangu("tenant", "list")
        start = time.monotonic() - began  # of the program itself
        moved_when_killed = set()
        for _ in range(KILLS):
            child = subprocess.Popen([HANGU, "audit", "archive", "--tenant", self.tenant,
                                      "--before", LATER, "--data", self.data],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                child.wait(timeout=start * 0.5 + chance.random() * start)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
            after = self.verified()  # puts back what the redo log holds
            self.assertTrue(after["good"], after["faults"])
            online, archived = self.counts()
            self.assertEqual(archived % 256, 0)
            self.assertGreaterEqual(online + archived, before["records"])
            self.assertEqual(after["records"], after["head"]["size"])
            moved_when_killed.add(archived)
        used = os.times()
        done = json.loads(self.run_hangu("audit", "archive", "--tenant", self.tenant, "--before",
                                         LATER, "--json").split("\n")[0])
        after = self.verified()
        self.assertTrue(after["good"])
        online, archived = self.counts()
        self.assertLessEqual(online, 512)
        self.assertEqual(done["archive"]["records"], archived)
        now = os.times()
        print("%d moved at last in %.2f s of CPU" % (
            done["moved"], now.children_user + now.children_system - used.children_user -
            used.children_system))
        print("archived when killed: %s; %.1f bytes a record in bundles" %
              (sorted(moved_when_killed), done["archive"]["bytes"] / archived))
        self.receipts_verify()
        self.tampering_is_found()

    def write(self, *statements):
        database = sqlite3.connect(self.file())
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    def receipts_verify(self):
        status = json.loads(self.run_hangu("audit", "checkpoint", "--tenant", self.tenant,
                                           "--json"))
        database = sqlite3.connect("file:%s?mode=ro" % self.file(), uri=True)
        firsts = database.execute("select id, first_id from audit_archive order by id").fetchall()
        database.close()
        for tile, first in firsts[:: max(1, len(firsts) // 5)]:
            receipt = json.loads(self.run_hangu("audit", "receipt", "--tenant", self.tenant,
                                                "--record", id_text(first)))
            answer = verify_receipt.verify(receipt, status["keys"][-1]["verifier"])
            self.assertEqual(answer["sequence"], tile * 256)

    def tampering_is_found(self):
        kept = self.file() + ".kept"
        self.verified()
        shutil.copyfile(self.file(), kept)
        swap = ("create table other as select content from audit_archive where id = 2",
                "update audit_archive set content = (select content from audit_archive"
                " where id = 3) where id = 2",
                "update audit_archive set content = (select content from other) where id = 3",
                "drop table other")
        flip = ("update audit_archive set content = cast(substr(content, 1, 99) ||"
                " char((unicode(substr(content, 100, 1)) + 1) % 128) || substr(content, 101)"
                " as blob) where id = 2",)
        gone = ("delete from audit_archive where id = 2",)
        for statements, faults in ((flip, 1), (gone, 1), (swap, 2)):
            self.write(*statements)
            out = self.run_hangu("audit", "verify", "--tenant", self.tenant, "--json", status=1)
            found = json.loads(out.split("\n")[0])
            self.assertEqual(found["faults_count"], faults)
            self.assertEqual(found["faults"][0]["kind"], "bundle_damaged")
            self.assertEqual(found["faults"][0]["sequence"], 512)
            for name in (self.file() + "-wal", self.file() + "-shm"):
                if os.path.exists(name):
                    os.remove(name)
            shutil.copyfile(kept, self.file())
        self.assertTrue(self.verified()["good"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
