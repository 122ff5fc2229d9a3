"""Two nodes are brought to the next versions one after the other while merchants work, led from the command line:
upgrade_test.py HANGU MARIADB NEXT. A failure stops the sweep, is mended, and the sweep goes on; what is removed in the end is
removed when no older version lives. No acknowledged write is lost or doubled, and each is answered in the end."""
import json
import os
import signal
import subprocess
import sys
import unittest
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cluster"))
from ground import MERCHANTS, Ground, eventually  # noqa: E402

NEXT = sys.argv[3]


class Upgrade(Ground):
    def bring(self, name, version):
        node = self.nodes[name]
        node.end(signal.SIGTERM)
        node.program = NEXT
        node.environment["HANGU_TEST_VERSION"] = version
        node.start()

    def see(self, versions):
        """The nodes say so to each other with their next beat."""
        def seen():
            return {one["name"]: one["version"] for one in self.status()["cluster"]["nodes"]}
        self.assertTrue(eventually(lambda: seen() == versions), (seen(), versions))

    def upgrade(self, *words, node="b", status=0):
        return self.hangu("upgrade", *words, config=node, status=status)

    def swept(self):
        seen = json.loads(self.upgrade("status", "--json").split("\n")[0])
        return seen, {one["tenant"]: one["state"] for one in seen["tenants"]}

    def categories(self, merchant):
        status, text = self.gateway.ask(0, "GET", "/api/v1/categories", self.keys[merchant])
        self.assertEqual(status, 200, text)
        found = json.loads(text)
        return found["items"] if isinstance(found, dict) else found

    def rows(self, sql):
        done = subprocess.run(["mariadb", "--no-defaults", "--socket", self.shard.socket, "--user",
                               "root", "--batch", "--skip-column-names", "--execute", sql],
                              capture_output=True, text=True, check=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def columns(self):
        return {row[0] for row in self.rows(
            "select column_name from information_schema.columns where table_schema = 'one' and"
            " table_name = 'category'")}

    def folded(self):
        return dict(self.rows("select name, coalesce(folded, '') from one.category"))

    def both_serve(self, writers):
        """Writers come first to either node; each of them is answered."""
        counts = [len(one.names) for one in writers]
        self.assertTrue(eventually(lambda: all(len(one.names) > count + 3 for one, count
                                               in zip(writers, counts))))

    def test_versions_side_by_side_a_failure_and_the_way_to_the_end(self):
        status, text = self.gateway.ask(0, "POST", "/api/v1/categories", self.keys["rice"],
                                        {"name": "bad"}, str(uuid.uuid4()))
        self.assertEqual(status, 201, text)
        self.under_load(self.lead)
        self.assertNotIn("folded", self.columns())

    def lead(self, writers):
        self.assertNotIn("folded", self.columns())
        self.bring("b", "0.2.0")
        self.assertIn("folded", self.columns())
        self.see({"a": "0.1.0", "b": "0.2.0"})
        self.both_serve(writers)

        plan = json.loads(self.upgrade("plan", "--canary", "rice", "--json").split("\n")[0])
        self.assertEqual([(one["step"], one["phase"]) for one in plan["steps"]],
                         [("catalogue/0003_fold.sql", "migrate")])
        self.assertEqual({one["wave"]: one["first"] for one in plan["waves"]}["canary"], ["rice"])

        # The canary cannot be filled: nobody else is touched.
        refused = self.upgrade("start", "--canary", "rice", status=1)
        self.assertIn("catalogue/0003_fold.sql", refused)
        seen, states = self.swept()
        self.assertEqual((seen["state"], seen["failed"], seen["waiting"]), ("stopped", 1, 2), seen)
        self.assertEqual(states["rice"], "failed")

        # Mended by the merchant, through whichever node.
        bad = next(one for one in self.categories("rice") if one["name"] == "bad")
        status, text = self.gateway.ask(1, "PATCH", "/api/v1/categories/%s" % bad["id"],
                                        self.keys["rice"],
                                        {"name": "Good", "version": bad["version"]},
                                        str(uuid.uuid4()))
        self.assertEqual(status, 200, text)
        before = [name for merchant in MERCHANTS for name in self.names(merchant)]
        self.upgrade("resume")
        self.assertTrue(eventually(lambda: self.swept()[0]["state"] == "done"), self.swept())
        self.assertEqual(set(self.swept()[1].values()), {"done"})
        folded = self.folded()
        self.assertEqual({name: folded[name] for name in before},
                         {name: name.lower() for name in before})
        self.assertIn("contract.nothing", self.upgrade("contract", status=1))

        # On to the end. What removes may run when all are of a later version than the one that
        # brought it.
        self.bring("a", "0.2.0")
        self.both_serve(writers)
        self.bring("a", "0.3.0")
        self.bring("b", "0.3.0")
        self.assertIn("contract.too_early", self.upgrade("contract", status=1))
        self.bring("b", "0.4.0")
        self.both_serve(writers)
        self.assertIn("contract.too_early", self.upgrade("contract", status=1))
        self.bring("a", "0.4.0")
        self.see({"a": "0.4.0", "b": "0.4.0"})
        self.upgrade("contract")
        self.assertNotIn("folded", self.columns())
        self.both_serve(writers)

        # There is no way back behind it.
        self.nodes["b"].end(signal.SIGTERM)
        self.nodes["b"].environment["HANGU_TEST_VERSION"] = "0.2.0"
        with self.assertRaisesRegex(AssertionError, "migration.contracted"):
            self.nodes["b"].start()
        self.nodes["b"].environment["HANGU_TEST_VERSION"] = "0.4.0"
        self.nodes["b"].start()
        self.both_serve(writers)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
