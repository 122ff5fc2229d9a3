"""The product's receipts against the independent verifier: receipt_test.py HANGU VERIFIER."""
import base64
import copy
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

HANGU, VERIFIER = sys.argv[1], sys.argv[2]
sys.path.insert(0, os.path.dirname(VERIFIER))
import verify_receipt  # noqa: E402

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def id_text(number):
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(13)))


class Receipts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="hangu-receipts-")
        cls.data = cls.folder + "/data"
        cls.run_hangu("tenant", "create", "tea", "--owner", "mei")
        for i in range(3):
            cls.run_hangu("tenant", "freeze", "tea", "--reason", "欠费 %d" % i)
            cls.run_hangu("tenant", "thaw", "tea", "--reason", "paid")
        cls.run_hangu("audit", "rotate-key", "--tenant", "tea", "--reason", "drill")
        status = json.loads(cls.run_hangu("audit", "checkpoint", "--tenant", "tea", "--json"))
        cls.keys = [key["verifier"] for key in status["keys"]]
        files = [os.path.join(at, name) for at, _, names in os.walk(cls.data + "/tenants")
                 for name in names if name.endswith(".db")]
        database = sqlite3.connect("file:%s?mode=ro" % files[0], uri=True)
        cls.ids = [id_text(row[0]) for row in
                   database.execute("select id from audit_record order by id")]
        database.close()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def run_hangu(cls, *words):
        done = subprocess.run([HANGU, *words, "--data", cls.data], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise AssertionError("%s: %s%s" % (" ".join(words), done.stdout, done.stderr))
        return done.stdout

    def receipt(self, record):
        return json.loads(self.run_hangu("audit", "receipt", "--tenant", "tea", "--record", record))

    def refused(self, receipt, key=None):
        with self.assertRaises(verify_receipt.Wrong):
            verify_receipt.verify(receipt, key or self.keys[-1])

    def test_every_record_verifies(self):
        self.assertGreaterEqual(len(self.ids), 8)
        for number, record in enumerate(self.ids):
            answer = verify_receipt.verify(self.receipt(record), self.keys[-1])
            self.assertEqual(answer["sequence"], number)
            self.assertEqual(answer["size"], len(self.ids))
        frozen = [verify_receipt.verify(self.receipt(record), self.keys[-1])["fields"]
                  for record in self.ids]
        self.assertIn({"before": "", "after": "欠费 0"},
                      [fields.get("~reason") for fields in frozen])

    def test_another_key_is_refused(self):
        receipt = self.receipt(self.ids[0])
        name = self.keys[-1].split("+")[0]
        raw = b"\x01" + bytes(32)
        own = "%s+%s+%s" % (name, verify_receipt.sha256(name.encode() + b"\n" + raw)[:4].hex(),
                            base64.b64encode(raw).decode())
        self.refused(receipt, own)

    def test_whatever_is_changed_is_refused(self):
        chance = random.Random(20261122)
        good = self.receipt(self.ids[3])
        for number, field in enumerate(good["fields"]):
            for part in ("salt", "value"):
                data = bytearray(base64.b64decode(field[part]))
                if not data:
                    data = bytearray(b"x")
                else:
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                other = copy.deepcopy(good)
                other["fields"][number][part] = base64.b64encode(bytes(data)).decode()
                self.refused(other)
            other = copy.deepcopy(good)
            other["fields"][number]["name"] += "x"
            self.refused(other)
            other = copy.deepcopy(good)
            del other["fields"][number]
            self.refused(other)
        other = copy.deepcopy(good)
        other["tenant_id"] = self.ids[0]
        self.refused(other)
        other = copy.deepcopy(good)
        other["record_id"] = self.ids[0]
        self.refused(other)
        lines = good["proof"].split("\n")
        own_key = bytes.fromhex(self.keys[-1].split("+")[1])
        for number, line in enumerate(lines):
            of_the_key_before = line.startswith("\u2014 ") and base64.b64decode(
                line.split(" ")[2])[:4] != own_key
            if line and not of_the_key_before:
                other = copy.deepcopy(good)
                middle = len(line) // 2  # the last letters may carry bits that nothing uses
                changed = line[:middle] + chr(ord(line[middle]) ^ 1) + line[middle + 1:]
                other["proof"] = "\n".join(lines[:number] + [changed] + lines[number + 1:])
                self.refused(other)

    def test_a_closed_field_proves_the_others(self):
        receipt = self.receipt(self.ids[3])
        for field in receipt["fields"]:
            if field["name"] == "actor_name":
                field["commitment"] = base64.b64encode(
                    verify_receipt.commitment_of(field)).decode()
                del field["salt"], field["value"]
        answer = verify_receipt.verify(receipt, self.keys[-1])
        self.assertIsNone(answer["fields"]["actor_name"])
        self.assertIsNotNone(answer["fields"]["action"])

    def disclosure(self, records, fields):
        """As the product puts one together: some records, one checkpoint, chosen fields open."""
        whole = {"format": "hangu-audit-disclosure@v1", "records": []}
        for record in records:
            receipt = self.receipt(record)
            index, hashes, note = verify_receipt.read_proof(receipt["proof"])
            for field in receipt["fields"]:
                if field["name"] not in fields:
                    field["commitment"] = base64.b64encode(
                        verify_receipt.commitment_of(field)).decode()
                    del field["salt"], field["value"]
            whole["records"].append({
                "record_id": record, "index": index, "fields": receipt["fields"],
                "hashes": [base64.b64encode(one).decode() for one in hashes]})
            whole.update(tenant_id=receipt["tenant_id"], checkpoint=note)
        return whole

    def test_a_disclosure_proves_all_its_records_or_none(self):
        good = self.disclosure(self.ids[1:4], ("id", "action"))
        answer = verify_receipt.verify_disclosure(good, self.keys[-1])
        self.assertEqual([record["sequence"] for record in answer["records"]], [1, 2, 3])
        self.assertIsNone(answer["records"][0]["fields"]["actor_name"])
        self.assertIsNotNone(answer["records"][0]["fields"]["action"])

        def refused(change):
            other = copy.deepcopy(good)
            change(other)
            with self.assertRaises(verify_receipt.Wrong):
                verify_receipt.verify_disclosure(other, self.keys[-1])
        refused(lambda one: one["records"].clear())
        refused(lambda one: one["records"].append(one["records"][0]))
        refused(lambda one: one["records"][0].update(record_id=self.ids[2]))
        refused(lambda one: one["records"][0].update(index=2))
        refused(lambda one: one["records"][2]["fields"].pop())
        refused(lambda one: one["records"][1]["fields"][6].update(value="eA=="))
        refused(lambda one: one.update(tenant_id=self.ids[0]))
        refused(lambda one: one.update(checkpoint=one["checkpoint"].replace("time 2", "time 3")))
        # Without the id nobody knows whose fields these are.
        with self.assertRaises(verify_receipt.Wrong):
            verify_receipt.verify_disclosure(self.disclosure(self.ids[1:2], ("action",)),
                                             self.keys[-1])

    def test_the_program_says_it_and_exits(self):
        path = self.folder + "/receipt.json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.receipt(self.ids[1]), file)
        good = subprocess.run([sys.executable, VERIFIER, path, "--key", self.keys[-1]],
                              capture_output=True, text=True, check=False)
        self.assertEqual(good.returncode, 0, good.stdout + good.stderr)
        self.assertTrue(good.stdout.startswith("Verified: record 1 of"))
        with open(path, "a", encoding="utf-8") as file:
            file.write("x")
        bad = subprocess.run([sys.executable, VERIFIER, path, "--key", self.keys[-1]],
                             capture_output=True, text=True, check=False)
        self.assertEqual(bad.returncode, 1)


# RFC 8032, 7.1, test 3: the verifier's own arithmetic.
class Signatures(unittest.TestCase):
    def test_known_answer(self):
        key = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
        signature = bytes.fromhex(
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
        self.assertTrue(verify_receipt.ed25519_verify(key, b"\xaf\x82", signature))
        self.assertFalse(verify_receipt.ed25519_verify(key, b"\xaf\x83", signature))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
