"""Two real nodes: cluster_test.py HANGU MARIADB. No acknowledged write is lost or doubled, whatever is killed, stopped, or set wrong."""
import http.client
import json
import signal
import sys
import time
import unittest
import uuid

from ground import FAKETIME, MERCHANTS, Ground, eventually


class Cluster(Ground):
    def test_1_a_tenant_is_served_by_one_node_whoever_is_asked(self):
        for merchant in MERCHANTS:
            for first in range(4):
                status, text = self.gateway.ask(first, "POST", "/api/v1/categories",
                                                self.keys[merchant],
                                                {"name": "%s first %d" % (merchant, first)},
                                                str(uuid.uuid4()))
                self.assertEqual(status, 201, text)
        said = self.hangu("cluster", "status", config="a")
        self.assertRegex(said, r"(?m)^shard one +reached .* answers in \d+\.\d ms  10\.")
        seen = self.status()
        self.assertTrue(seen["cluster"]["clustered"])
        self.assertEqual([one["name"] for one in seen["cluster"]["nodes"]], ["a", "b"])
        self.assertTrue(all(one["alive"] for one in seen["cluster"]["nodes"]))
        self.assertEqual(sum(one["tenants_count"] for one in seen["cluster"]["nodes"]),
                         len(MERCHANTS))
        # Without a gateway nobody can send it on, and it is said.
        for node in self.nodes.values():
            connection = http.client.HTTPSConnection("127.0.0.1", node.port,
                                                     context=self.gateway.context)
            connection.request("GET", "/readyz")
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()

    def test_2_a_node_that_is_killed_loses_nothing(self):
        def kill(_):
            self.nodes["a"].end(signal.SIGKILL)
            self.assertTrue(eventually(lambda: not next(
                one for one in self.status()["cluster"]["nodes"] if one["name"] == "a")["alive"]))
        self.under_load(kill)
        self.assertEqual(self.status()["cluster"]["nodes"][1]["tenants_count"], len(MERCHANTS))
        self.nodes["a"].start()

    def test_3_a_node_that_sleeps_is_refused_when_it_wakes(self):
        def sleep(writers):
            self.nodes["b"].child.send_signal(signal.SIGSTOP)
            time.sleep(5)  # longer than its lease; who waits for it is told when it wakes
            self.nodes["b"].child.send_signal(signal.SIGCONT)
        self.under_load(sleep)

    def test_4_a_node_that_is_stopped_in_order_fails_nobody(self):
        def stop(_):
            self.nodes["b"].end(signal.SIGTERM)
        self.under_load(stop)
        self.nodes["b"].start()

    @unittest.skipIf(FAKETIME is None, "libfaketime is not installed")
    def test_5_clocks_minutes_apart_harm_nothing(self):
        self.nodes["b"].end(signal.SIGTERM)
        self.nodes["b"].environment.update(LD_PRELOAD=FAKETIME, FAKETIME="+300s",
                                           FAKETIME_DONT_FAKE_MONOTONIC="1")
        self.nodes["b"].start()

        def to_and_fro(_):
            for node in ("b", "a", "b"):
                self.hangu("report", "sales", "--tenant", "tea", "--by", "day", "--from",
                           "2026-01-01", "--to", "2026-01-02", config=node)
        self.under_load(to_and_fro)
        # The log of acts is in order, and proves itself.
        for merchant in MERCHANTS:
            verified = json.loads(self.hangu("audit", "verify", "--tenant", merchant, "--json",
                                             config="a").split("\n")[0])
            self.assertTrue(verified["good"], verified)

    def test_6_without_the_control_database_everybody_goes_on(self):
        def away(writers):
            self.control.kill()
            counts = [len(one.names) for one in writers]
            self.assertTrue(eventually(lambda: all(len(one.names) > count + 10 for one, count
                                                   in zip(writers, counts))))
            self.assertTrue(eventually(lambda: not self.status()["cluster"]["control_reached"]))
            said = self.hangu("cluster", "status", config="b")
            self.assertIn("control database  away", said)
            self.assertEqual([line.split()[:2] for line in said.splitlines() if "lease" in line],
                             [["a", "unknown"], ["b", "alive"]])
            self.control.start()
            self.assertTrue(eventually(lambda: self.status()["cluster"]["control_reached"]))
        self.under_load(away)

    def test_7_without_redis_everybody_goes_on_and_it_is_said(self):
        def away(writers):
            self.assertTrue(eventually(lambda: self.status()["cluster"]["shared_reached"]))
            self.redis.kill()
            self.assertTrue(eventually(lambda: not self.status()["cluster"]["shared_reached"]))
            counts = [len(one.names) for one in writers]
            self.assertTrue(eventually(lambda: all(len(one.names) > count + 10 for one, count
                                                   in zip(writers, counts))))
            self.redis.start()
            self.assertTrue(eventually(lambda: self.status()["cluster"]["shared_reached"]))
        for writer in self.under_load(away):
            self.assertEqual(writer.asked_again, 0, "Redis is needed for no request")

    def test_8_a_tenant_moves_between_nodes_to_files_never(self):
        refused = self.hangu("tenant", "move", "tea", "--to", "files", config="a", status=1)
        self.assertIn("cluster.no_files", refused)

    def test_9_an_upgrade_is_planned_from_the_command_line_of_any_node(self):
        def asked(*words, node="a", status=0):
            return self.hangu("upgrade", *words, config=node, status=status)

        def lead(_):
            asked("canary", "rice")
            plan = json.loads(asked("plan", "--json").split("\n")[0])
            waves = {one["wave"]: one for one in plan["waves"]}
            self.assertEqual(waves["canary"]["first"], ["rice"])
            self.assertEqual(sum(one["tenants"] for one in plan["waves"]), len(MERCHANTS))
            # This version fills and removes nothing: said, and nothing is begun.
            for words, code in ((("start", "--canary", "tea"), "upgrade.nothing"),
                                (("contract",), "contract.nothing"),
                                (("status",), "upgrade.none"),
                                (("resume",), "upgrade.none"),
                                (("start", "--canary", "coffee"), "tenant.not_found"),
                                (("rehearse", "tea"), "rehearsal.on_shard")):
                for node in ("a", "b"):
                    self.assertIn(code, asked(*words, node=node, status=1), words)
            asked("canary", "rice", "--off")
            plan = json.loads(asked("plan", "--json", node="b").split("\n")[0])
            self.assertNotIn("canary", {one["wave"] for one in plan["waves"]})
        self.under_load(lead, writers_per_merchant=1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
