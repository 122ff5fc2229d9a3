"""What somebody may do to the files of a stopped server, and what `audit verify` says then.

tamper_test.py HANGU. Prints how long each verification took; asserts only what it found.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

HANGU = sys.argv[1]
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def id_text(number):
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(13)))


class House:
    """A data folder with its root key."""

    def __init__(self, folder):
        self.folder = folder
        self.data = folder + "/data"

    def copy(self, name):
        other = os.path.join(os.path.dirname(self.folder), name)
        shutil.copytree(self.folder, other)
        return House(other)

    def run(self, *words, status=0):
        done = subprocess.run([HANGU, *words, "--data", self.data], capture_output=True, text=True,
                              check=False)
        if done.returncode != status:
            raise AssertionError("%s: %d\n%s%s" %
                                 (" ".join(words), done.returncode, done.stdout, done.stderr))
        return done.stdout

    def act(self, reason):
        self.run("tenant", "freeze", "tea", "--reason", reason)
        self.run("tenant", "thaw", "tea", "--reason", reason)

    def checkpoint(self, name):
        path = self.folder + "/" + name
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.run("audit", "checkpoint", "--tenant", "tea"))
        return path

    def verify(self, *more, status=0):
        began = time.monotonic()
        out = self.run("audit", "verify", "--tenant", "tea", "--json", *more, status=status)
        return json.loads(out.split("\n")[0]), time.monotonic() - began

    def file(self):
        for at, _, names in os.walk(self.data + "/tenants"):
            for name in names:
                if name.endswith(".db"):
                    return os.path.join(at, name)
        raise AssertionError("no tenant file")

    def sql(self, *statements):
        database = sqlite3.connect(self.file())
        rows = []
        for statement in statements:
            rows = database.execute(statement).fetchall()
        database.commit()
        database.close()
        return rows


class Tampering(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="hangu-tamper-")
        os.mkdir(cls.root + "/good")
        cls.good = House(cls.root + "/good")
        cls.good.run("tenant", "create", "tea", "--owner", "mei")
        cls.good.act("reason-one")
        cls.early = cls.good.checkpoint("early")
        cls.old = cls.good.copy("old")  # yesterday's copy of the files
        cls.good.act("reason-two")
        cls.late = cls.good.checkpoint("late")
        cls.ids = [row[0] for row in cls.good.sql("select id from audit_record order by id")]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def found(self, house, kind, sequence, *more):
        answer, seconds = house.verify(*more, status=1)
        kinds = [fault["kind"] for fault in answer["faults"]]
        self.assertIn(kind, kinds)
        self.assertFalse(answer["good"])
        if sequence is not None:
            self.assertEqual(answer["faults"][0]["sequence"], sequence)
        print("%-44s %-16s %.2f s" % (self.id().split(".")[-1], kind, seconds))
        return answer

    def test_nothing_was_done(self):
        answer, _ = self.good.copy("fine").verify("--since", self.early)
        self.assertTrue(answer["good"])
        self.assertEqual(answer["records"], len(self.ids))
        self.assertEqual(answer["since"]["verdict"], "extended")

    def test_a_byte_of_the_file_is_flipped(self):
        house = self.good.copy("flipped")
        with open(house.file(), "rb+") as file:
            content = file.read()
            file.seek(0)
            file.write(content.replace(b"reason-one", b"season-one"))  # wherever it lies
        self.found(house, "record_changed", None)

    def test_a_row_is_removed(self):
        house = self.good.copy("removed")
        house.sql("delete from audit_record where id = %d" % self.ids[2])
        answer = self.found(house, "record_missing", 2)
        self.assertEqual(answer["faults"][0]["record_id"], id_text(self.ids[2]))

    def test_the_last_rows_are_removed(self):
        house = self.good.copy("cut")
        house.sql("delete from audit_record where id > %d" % self.ids[-3])
        self.assertEqual(self.found(house, "record_missing", len(self.ids) - 2)["faults_count"], 2)

    def test_rows_are_exchanged(self):
        house = self.good.copy("exchanged")
        house.sql("update audit_record set id = 1 where id = %d" % self.ids[1],
                  "update audit_record set id = %d where id = %d" % (self.ids[1], self.ids[2]),
                  "update audit_record set id = %d where id = 1" % self.ids[2])
        self.assertEqual(self.found(house, "record_changed", 1)["faults_count"], 2)

    def test_a_row_is_put_in_between(self):
        house = self.good.copy("added")
        columns = ("tenant_id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind, "
                   "subject_id, subject_label, org_path, route, address, trace, status, fields, "
                   "leaf_hash")
        house.sql("insert into audit_record (id, %s) select id + 1, %s from audit_record where "
                  "id = %d" % (columns, columns, self.ids[1]))
        self.found(house, "record_added", None)

    def test_the_leaf_is_replaced_too(self):
        house = self.good.copy("leaf")
        house.sql("update audit_tile set hashes = zeroblob(length(hashes)) where id = 0")
        self.found(house, "leaf_replaced", 0)

    def test_the_head_is_replaced(self):
        house = self.good.copy("head")
        house.sql("update audit_checkpoint set note = replace(note, 'time 2', 'time 3')")
        self.found(house, "checkpoint_unsigned", None)

    def test_the_signing_key_is_replaced(self):
        house = self.good.copy("key")
        house.sql("update audit_key set public_key = randomblob(32)")
        self.found(house, "key_damaged", None)

    def test_an_older_file_is_put_back(self):
        house = self.old.copy("older")
        answer, _ = house.verify()
        self.assertTrue(answer["good"])  # by itself nobody can tell
        answer, seconds = house.verify("--since", self.late, status=1)
        self.assertEqual(answer["since"]["verdict"], "log_shorter")
        print("%-44s %-16s %.2f s" % ("an_older_file_is_put_back", "log_shorter", seconds))

    def test_an_older_file_is_put_back_and_written_on(self):
        house = self.old.copy("fork")
        house.act("another history")
        house.act("another history")
        answer, seconds = house.verify("--since", self.late, status=1)
        self.assertEqual(answer["faults_count"], 0)
        self.assertEqual(answer["since"]["verdict"], "history_changed")
        print("%-44s %-16s %.2f s" % ("an_older_file_is_written_on", "history_changed", seconds))
        self.assertTrue(house.verify("--since", self.early)[0]["good"])

    def heads(self, house, *more, status=0):
        began = time.monotonic()
        out = house.run("audit", "verify", "--all", "--json", *more, status=status)
        return json.loads(out.split("\n")[0]), time.monotonic() - began

    def test_nothing_was_done_to_any_tenant(self):
        answer, _ = self.heads(self.good.copy("all-fine"))
        self.assertTrue(answer["good"])
        self.assertGreaterEqual(answer["heads"]["size"], 4)
        self.assertEqual(answer["tenants"][0]["heads"], "good")

    # Nobody kept a checkpoint: the log of heads, in another file, knows.
    def test_one_tenants_older_file_is_put_back(self):
        house = self.good.copy("put-back")
        shutil.copy(self.old.file(), house.file())
        answer, seconds = self.heads(house, status=1)
        self.assertEqual(answer["tenants"][0]["faults_count"], 0)
        self.assertEqual(answer["tenants"][0]["heads"], "log_shorter")
        self.assertTrue(answer["heads"]["tree_good"])
        print("%-44s %-16s %.2f s" % ("one_tenants_older_file", "log_shorter", seconds))
        for _ in range(3):  # long enough to hide the length
            house.act("another history")
        answer, seconds = self.heads(house, status=1)
        self.assertEqual(answer["tenants"][0]["heads"], "history_changed")
        print("%-44s %-16s %.2f s" % ("one_tenants_older_file_written_on", "history_changed",
                                      seconds))

    def test_a_tenants_file_is_taken_away(self):
        house = self.good.copy("away")
        control = sqlite3.connect(house.data + "/control.db")
        control.execute("delete from tenant")
        control.commit()
        control.close()
        os.remove(house.file())
        answer, _ = self.heads(house, status=1)
        self.assertEqual(len(answer["heads"]["tenants_missing"]), 1)

    def control(self, house, statement):
        database = sqlite3.connect(house.data + "/control.db")
        database.execute(statement)
        database.commit()
        database.close()

    def test_the_log_of_heads_is_changed(self):
        for name, statement in (
                ("shrunk", "update head_entry set size = 1 where id = 2"),
                ("entry-gone", "delete from head_entry where id = 1"),
                ("entries-cut", "delete from head_entry where id > 1"),
                ("tile", "update head_tile set hashes = zeroblob(length(hashes))"),
                ("head-note", "update head_checkpoint set note = replace(note, 'time 2', 'time 3')")):
            house = self.good.copy("heads-" + name)
            self.control(house, statement)
            answer, _ = self.heads(house, status=1)
            self.assertFalse(answer["heads"]["tree_good"] and not answer["heads"]["changed"], name)

    def test_everything_is_put_back_at_once(self):
        kept = self.good.folder + "/heads.checkpoint"
        house = self.good.copy("all-kept")
        with open(kept, "w", encoding="utf-8") as file:
            file.write(house.run("audit", "checkpoint", "--all"))
        self.assertEqual(self.heads(house, "--since", kept)[0]["heads"]["since"], "same")
        older = self.old.copy("all-older")
        self.assertTrue(self.heads(older)[0]["good"])  # by itself nobody can tell
        answer, _ = self.heads(older, "--since", kept, status=1)
        self.assertEqual(answer["heads"]["since"], "log_shorter")

    def test_values_are_erased_by_law(self):
        house = self.good.copy("erased")
        record = house.sql("select id from audit_record where action = 'tenant.frozen' "
                           "order by id")[0][0]
        house.run("audit", "erase", "--tenant", "tea", "--record", id_text(record), "--fields",
                  "actor_name,~reason", "--reason", "asked for")
        answer, _ = house.verify("--since", self.late)
        self.assertTrue(answer["good"])
        self.assertEqual(answer["erased_count"], 1)
        receipt = json.loads(house.run("audit", "receipt", "--tenant", "tea", "--record",
                                       id_text(record)))
        closed = [field["name"] for field in receipt["fields"] if field.get("salt") is None]
        self.assertEqual(closed, ["actor_name", "~reason"])
        with open(house.file(), "rb") as erased, open(self.good.file(), "rb") as whole:
            self.assertLess(erased.read().count(b"reason-one"),
                            whole.read().count(b"reason-one"))
        # The row as it was before fits its leaf; the act that erased it does not.
        house.run("audit", "verify", "--tenant", "tea")
        house.sql("attach '%s' as before" % self.good.file(),
                  "replace into audit_record select * from before.audit_record where id = %d"
                  % record)
        answer = self.found(house, "erasure_undone", None)
        self.assertEqual([fault["record_id"] for fault in answer["faults"]], [id_text(record)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
