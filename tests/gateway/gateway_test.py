"""gateway_test.py HANGU ROOT: the program behind a real nginx, with the configuration that it makes itself."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

from gateway import (CERTIFICATES, Client, Load, Nginx, Program, StandIn, client_tls, eventually,
                     nginx_program, sent_on_to)

HANGU, ROOT = sys.argv[1], sys.argv[2]

# Short rests and no rates, so that the test sees in a second what a day would show.
SETTINGS = {"HANGU_SERVER_TRUSTED_PROXIES": "127.0.0.1/32",
            "HANGU_SERVER_DRAIN_ANNOUNCE_MS": "1500",
            "HANGU_HTTP_IDLE_MS_MAX": "1000",
            "HANGU_HTTP_RATE_PERCENT": "1000000",
            "HANGU_SERVER_MODE": "demo"}


class House:
    """A node with a merchant, nginx before it, and mei, who can sign in."""

    def __init__(self, case, more_nodes=(), flags=(), settings=None):
        self.folder = tempfile.mkdtemp(prefix="hangu-gateway-")
        case.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.program = Program(HANGU, self.folder, {**SETTINGS, **(settings or {})})
        case.addCleanup(self.program.close)
        tenant = json.loads(self.program.run("tenant", "create", "tea", "--owner", "mei", "--json"))
        self.token = tenant["sign_in_token"]
        self.program.start()
        self.certificates = self.folder + "/certificates"  # by the names that nginx reads
        os.mkdir(self.certificates)
        for name in os.listdir(self.program.data + "/certificates"):
            shutil.copy(self.program.data + "/certificates/" + name,
                        self.certificates + "/" + name.replace("self_made_", ""))
        nodes = ["a=127.0.0.1:%d/%d" % (self.program.port, self.program.platform_port)]
        nodes += [node(self.certificates) if callable(node) else node for node in more_nodes]
        self.nginx = Nginx(self.program, self.certificates, nodes, flags)
        case.addCleanup(self.nginx.close)
        self.nginx.start()

    def mei(self, address="127.0.0.1", port=None):
        # Who has no session yet is brought to one of the nodes by her address.
        for other in [address] + ["127.0.0.%d" % (30 + i) for i in range(20)]:
            client = Client(port or self.nginx.port, other)
            if client.ask("POST", "/api/v1/session/redeem", {"token": self.token}).status == 200:
                return client
        raise AssertionError("no address is brought to the node")


class Texts(unittest.TestCase):
    """What stands in deploy/ is what the program makes."""

    def made(self, *words):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("HANGU_")}
        done = subprocess.run([HANGU, *words], capture_output=True, text=True, check=True,
                              env=environment)
        return done.stdout

    def test_samples_are_what_the_program_makes(self):
        three = ROOT + "/deploy/three-machines/"
        commands = [line[2:].split() for line in open(ROOT + "/deploy/made-by.txt")
                    if line.startswith("$ ")]
        self.assertEqual(len(commands), 4)
        for words in commands:
            self.assertEqual(words[0], "hangu")
            at = words.index(">")
            config = [ROOT + "/" + word if word.startswith("deploy/") else word
                      for word in words[1:at]]
            with open(ROOT + "/" + words[at + 1], encoding="utf-8") as sample:
                self.assertEqual(self.made(*config), sample.read(), " ".join(words))
        self.assertTrue(os.path.exists(three + "hangu-a.toml"))

    def test_bad_words_do_not_get_into_the_configuration(self):
        for words in (["--node", "a=1.2.3.4:80;x"], ["--node", "A=1.2.3.4:80"], ["--node", "a=:80"],
                      ["--node", "a=1.2.3.4:0"], ["--node", "a=1.2.3.4:80/x"], ["--node", "a"],
                      ["--node", "a=1.2.3.4:80", "--node", "a=1.2.3.5:80"],
                      ["--name", "a;b"], ["--name", "a b"], ["--name", "a{"],
                      ["--certificates", "/etc/x;"], ["--nodes-name", "$host"]):
            done = subprocess.run([HANGU, "deploy", "nginx", *words], capture_output=True,
                                  text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)

    def test_the_unit_is_hardened(self):
        program = shutil.which("systemd-analyze")
        if program is None:
            self.skipTest("no systemd-analyze here")
        done = subprocess.run([program, "security", "--offline=true", "--no-pager",
                               "--threshold=20", ROOT + "/deploy/hangu.service"],
                              capture_output=True, text=True, check=False)
        exposure = [line for line in done.stdout.splitlines() if "Overall exposure" in line]
        print("\n" + "".join(exposure).strip())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Behind(unittest.TestCase):
    """One node behind nginx."""

    @classmethod
    def setUpClass(cls):
        cls.cleanups = []

        class Case:
            @staticmethod
            def addCleanup(*words, **named):
                cls.cleanups.append((words, named))

        cls.house = House(Case, flags=["--name", "localhost"])
        cls.mei = cls.house.mei("127.0.0.2")

    @classmethod
    def tearDownClass(cls):
        for words, named in reversed(cls.cleanups):
            words[0](*words[1:], **named)

    def own_sessions(self, client):
        return client.must("GET", "/session/safety")["sessions"]

    def test_the_configuration_is_right_for_nginx(self):
        status, said = self.house.nginx.test()
        self.assertEqual(status, 0, said)
        self.assertNotIn("[warn]", said.replace('[warn] the "user" directive', ""))

    def test_the_clients_address_is_seen(self):
        self.assertIn("127.0.0.2", [s["address"] for s in self.own_sessions(self.mei)])
        self.assertNotIn("127.0.0.1", [s["address"] for s in self.own_sessions(self.mei)])

    def test_nobody_is_believed_who_says_it_herself(self):
        forged = {"X-Hangu-Client": "203.0.113.9", "X-Forwarded-For": "203.0.113.9",
                  "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9",
                  "X-Hangu-Hop": "1", "X-Hangu-Scheme": "http"}
        link = json.loads(self.house.program.run("sign-in-link", "--tenant", "tea", "--login",
                                                 "mei", "--json"))["token"]
        through = Client(self.house.nginx.port, "127.0.0.3")
        answer = through.ask("POST", "/api/v1/session/redeem", {"token": link}, forged)
        self.assertEqual(answer.status, 200, answer.body)
        addresses = {s["address"] for s in self.own_sessions(through)}
        self.assertIn("127.0.0.3", addresses)
        self.assertNotIn("203.0.113.9", addresses)
        # And straight to the node, from an address that is no gateway's.
        straight = Client(self.house.program.port, "127.0.0.4")
        straight.cookies = dict(through.cookies)
        answer = straight.ask("GET", "/api/v1/session/safety", None, forged)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertNotIn("203.0.113.9", answer.body.decode())

    def test_a_gateway_that_does_not_say_for_whom_it_asks_is_refused(self):
        gateway = Client(self.house.program.port)  # 127.0.0.1 is the gateway's
        self.assertEqual(gateway.ask("GET", "/api/v1/session").status, 400)
        self.assertEqual(gateway.ask("GET", "/readyz").status, 200)
        for bad in ("unknown", "1.2.3.4, 5.6.7.8", "[::1]:80", ""):
            answer = gateway.ask("GET", "/api/v1/session", None, {"X-Hangu-Client": bad})
            self.assertEqual(answer.status, 400, bad)

    def test_the_origin_is_that_of_the_browser(self):
        link = json.loads(self.house.program.run("sign-in-link", "--tenant", "tea", "--login",
                                                 "mei", "--json"))["token"]
        for origin in ("https://evil.test", "https://localhost",
                       "https://localhost:%d" % self.house.program.port,
                       "http://localhost:%d" % self.house.nginx.port):
            answer = Client(self.house.nginx.port).ask("POST", "/api/v1/session/redeem",
                                                       {"token": link}, {"Origin": origin})
            self.assertEqual((answer.status, answer.json["code"]), (403, "origin.refused"), origin)

    def test_events_arrive_at_once(self):
        wire = self.mei.wire()
        wire.request("GET", "/api/v1/events", headers=self.mei.headers({}))
        answer = wire.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertTrue(any("connected" in answer.fp.readline().decode() for _ in range(10)))
        self.sell_a_cup()
        names = (line for line in iter(lambda: answer.fp.readline().decode(), "")
                 if line.startswith("event: "))
        self.assertTrue(next(names).startswith("event: order."))
        wire.close()

    def sell_a_cup(self):
        nodes = self.mei.must("GET", "/org-nodes")["items"]
        store = self.mei.must("POST", "/stores",
                              {"parent_id": nodes[0]["id"], "code": "S1", "name": "One"})
        category = self.mei.must("POST", "/categories", {"name": "Tea"})
        product = self.mei.must("POST", "/products", {
            "code": "T", "name": "Tea", "category_id": category["id"], "description": "",
            "state": "on", "specs": [{"code": "T-M", "name": "M", "price_fen": 1200}],
            "modifier_groups": []})
        order = {"store_id": store["id"], "mode": "pick_up",
                 "lines": [{"spec_id": product["specs"][0]["id"], "quantity": 1, "option_ids": []}],
                 "payment": {"tender": "cash", "amount_fen": 1200}}
        answer = self.mei.ask("POST", "/api/v1/orders", order, {"Idempotency-Key": "one-cup-of-tea-0001"})
        self.assertEqual(answer.status, 201, answer.body)

    def test_nothing_inside_is_shown_outside(self):
        client = Client(self.house.nginx.port)
        for path in ("/healthz", "/readyz"):
            self.assertEqual(client.ask("GET", path).status, 404)
        answer = client.ask("GET", "/openapi.json?secret=in-the-query")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Server"], "nginx")
        self.assertEqual(len(answer.headers.get_all("Strict-Transport-Security")), 1)
        log = eventually(lambda: "/openapi.json" in self.house.nginx.access_log() and
                         self.house.nginx.access_log(), "the request in the log")
        self.assertNotIn("in-the-query", log)
        self.assertNotIn(self.house.token, log)
        for line in log.splitlines():
            json.loads(line)
        # The platform's listener asks nginx's list first and the node's after it.
        platform = Client(self.house.nginx.platform_port, "127.0.0.9")
        self.assertEqual(platform.ask("GET", "/api/v1/session").status, 401)

    def test_tls_is_new_and_names_are_ours(self):
        old = client_tls()
        old.minimum_version = ssl.TLSVersion.TLSv1
        with self.assertRaises(ssl.SSLError):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
            with socket.create_connection(("127.0.0.1", self.house.nginx.port)) as one:
                old.wrap_socket(one, server_hostname="localhost")
        with self.assertRaises(ssl.SSLError):
            with socket.create_connection(("127.0.0.1", self.house.nginx.port)) as one:
                client_tls().wrap_socket(one, server_hostname="other.test")

    def test_http_2_and_large_bodies(self):
        done = subprocess.run(
            ["curl", "-sk", "--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
             "https://localhost:%d/openapi.json" % self.house.nginx.port,
             "--resolve", "localhost:%d:127.0.0.1" % self.house.nginx.port],
            capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "2 200")
        answer = Client(self.house.nginx.port).ask("POST", "/api/v1/session", b"x" * 20_000_000)
        self.assertEqual((answer.status, answer.json["code"]), (413, "http.body_too_large"))
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")

    def test_reloads_lose_nothing(self):
        wrong = {"tenant_code": "none", "login_name": "nobody", "password": 1}
        requests = [("GET", "/api/v1/session", None, {"Cookie": self.mei.headers({})["Cookie"]}),
                    ("POST", "/api/v1/session", wrong, {}),
                    ("GET", "/openapi.json", None, {})]
        with Load(self.house.nginx.port, requests, {200, 422}) as load:
            for _ in range(10):
                self.house.nginx.reload()
                load.wait_for(20)
        print("\nreloads: %d requests, %s" % (load.done, load.by_status))
        self.assertEqual(load.failures, [])
        self.assertEqual(set(load.by_status), {200, 422})


class SeveralNodes(unittest.TestCase):
    """Hangu and stand-ins for its neighbours."""

    def stand_in(self, house_or_certificates, answer=None):
        node = StandIn(house_or_certificates, answer)
        self.addCleanup(node.close)
        return node

    def certificates(self):
        folder = tempfile.mkdtemp(prefix="hangu-certificates-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        for kind, words in (("rsa", ["rsa:2048"]),
                            ("ecdsa", ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])):
            subprocess.run(["openssl", "req", "-x509", "-newkey", *words, "-nodes", "-days", "2",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                            "-keyout", "%s/%s.key" % (folder, kind),
                            "-out", "%s/%s.crt" % (folder, kind)], check=True, capture_output=True)
        self.assertEqual(sorted(os.listdir(folder)), sorted(CERTIFICATES))
        return folder

    def before(self, nodes, certificates):
        folder = tempfile.mkdtemp(prefix="hangu-gateway-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        program = Program(HANGU, folder, SETTINGS)
        self.addCleanup(program.close)
        nginx = Nginx(program, certificates,
                      ["%s=127.0.0.1:%d" % (name, node.port) for name, node in nodes.items()])
        self.addCleanup(nginx.close)
        nginx.start()
        return nginx

    def test_a_request_is_made_again_at_the_owner_with_its_body(self):
        certificates = self.certificates()
        nodes = {name: self.stand_in(certificates) for name in ("a", "b")}

        def answer_of(name):
            def answer(request):
                if request["path"].startswith("/loop"):
                    hopped = request["headers"].get("x-hangu-hop") == "1"
                    return (503, {"Retry-After": "1"}, b"moving") if hopped else sent_on_to("b")
                return None if name == "b" else sent_on_to("b")
            return answer
        for name, node in nodes.items():
            node.answer = answer_of(name)
        nginx = self.before(nodes, certificates)
        bodies = {"small": b'{"one":1}', "large": bytes(range(256)) * 240}
        hops = 0
        for address in range(2, 12):  # some begin at the one node, some at the other
            client = Client(nginx.port, "127.0.0.%d" % address)
            for method, kind in (("POST", "small"), ("POST", "large"), ("PUT", "large"),
                                 ("DELETE", None), ("GET", None)):
                body = bodies[kind] if kind else None
                path = "/api/v1/things?kind=%s" % kind
                answer = client.ask(method, path, body, {"X-Own": "kept", "X-Hangu-Hop": "7"})
                self.assertEqual(answer.status, 200)
                seen = answer.json
                self.assertEqual((seen["method"], seen["path"]), (method, path))
                self.assertEqual(seen["body"].encode("latin-1"), body or b"")
                self.assertEqual(seen["headers"]["x-own"], "kept")
                self.assertEqual(seen["headers"]["x-hangu-client"], "127.0.0.%d" % address)
                self.assertEqual(seen["headers"]["x-hangu-scheme"], "https")
                self.assertEqual(seen["headers"]["host"], "localhost:%d" % nginx.port)
                self.assertIsNone(answer.headers["X-Accel-Redirect"])
                hops += seen["headers"].get("x-hangu-hop") == "1"
                self.assertIn(seen["headers"].get("x-hangu-hop"), (None, "1"))
        self.assertEqual(hops, sum(1 for one in nodes["a"].seen))
        self.assertGreater(hops, 0)
        self.assertLess(hops, 50)
        # Two nodes that each take the other for the owner: one hop, and no more.
        looped = Client(nginx.port).ask("POST", "/loop", b"body")
        self.assertEqual((looped.status, looped.body), (503, b"moving"))
        asked = [one for node in nodes.values() for one in node.seen if one["path"] == "/loop"]
        self.assertEqual(len(asked), 2)

    def test_http_2_bodies_are_made_again_too(self):
        certificates = self.certificates()
        nodes = {"a": self.stand_in(certificates, lambda _: sent_on_to("b")),
                 "b": self.stand_in(certificates)}
        nodes["b"].answer = lambda request: (
            None if request["headers"].get("x-hangu-hop") == "1" else sent_on_to("b"))
        nginx = self.before(nodes, certificates)
        body = "x" * 60000
        done = subprocess.run(["curl", "-sk", "--http2", "--data-binary", "@-",
                               "https://127.0.0.1:%d/api/v1/things" % nginx.port],
                              input=body, capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(done.stdout)["body"], body)

    def test_a_tenant_has_one_first_node(self):
        certificates = self.certificates()
        nodes = {name: self.stand_in(certificates) for name in ("a", "b", "c")}
        nginx = self.before(nodes, certificates)
        used = set()
        for number in range(40):
            tenant = "0abcdefgh%04d" % number
            random = "r" * 43
            ways = [{"Cookie": "x=1; __Host-hangu_merchant=%s.%s; y=2" % (tenant, random)},
                    {"Cookie": "__Host-hangu_merchant=%s.%s" % (tenant, random)},
                    {"Authorization": "Bearer hgk_%s_%s_%s" % (tenant, "0" * 13, random)},
                    {"Authorization": "bearer hgk_%s_%s_%s" % (tenant, "1" * 13, random)}]
            before = {name: len(node.seen) for name, node in nodes.items()}
            for i, way in enumerate(ways):
                Client(nginx.port, "127.0.0.%d" % (20 + i)).ask("GET", "/api/v1/x", None, way)
            asked = [name for name, node in nodes.items() if len(node.seen) > before[name]]
            self.assertEqual(len(asked), 1, tenant)
            used.update(asked)
        self.assertEqual(used, set(nodes))

    def test_a_node_that_stops_loses_nothing(self):
        """Hangu stops under load while its neighbour takes over."""
        neighbour = []

        def node(certificates):
            neighbour.append(self.stand_in(certificates, lambda request: (
                200 if request["method"] == "GET" else 422, {}, b"{}")))
            return "b=127.0.0.1:%d" % neighbour[0].port
        house = House(self, [node])
        mei = house.mei()
        wrong = {"tenant_code": "none", "login_name": "nobody", "password": 1}
        requests = [("GET", "/api/v1/session", None, {"Cookie": mei.headers({})["Cookie"]}),
                    ("POST", "/api/v1/session", wrong, {}),
                    ("POST", "/api/v1/session/redeem", {"token": 1}, {}),
                    ("GET", "/openapi.json", None, {})]
        self.assertIn("READY=1", house.program.told())
        ready = Client(house.program.port)
        self.assertEqual(ready.ask("GET", "/readyz").status, 200)
        with Load(house.nginx.port, requests, {200, 422}, people=6) as load:
            load.wait_for(60)
            house.program.process.send_signal(signal.SIGTERM)
            self.assertEqual(house.program.told(), "STOPPING=1")
            # It serves on, and says that it is going.
            self.assertEqual(ready.ask("GET", "/readyz").status, 503)
            self.assertEqual(ready.ask("GET", "/healthz").status, 200)
            self.assertEqual(house.program.process.wait(60), 0)
            load.wait_for(60)
        print("\nstop: %d requests, %s" % (load.done, load.by_status))
        self.assertEqual(load.failures, [])
        self.assertGreater(len(neighbour[0].seen), 30)

    def test_a_node_that_is_killed_repeats_nothing_that_changes(self):
        """Neither is a POST made twice whose answer was lost, nor is that hidden."""
        certificates = self.certificates()
        lost = threading.Event()

        def cut(request):
            if request["path"] == "/cut":
                lost.set()
                raise ConnectionResetError
            return None
        nodes = {name: self.stand_in(certificates, cut) for name in ("a", "b")}
        nginx = self.before(nodes, certificates)
        answer = Client(nginx.port).ask("POST", "/cut", b"once")
        self.assertTrue(lost.is_set())
        self.assertEqual((answer.status, answer.json["code"]), (502, "gateway.unreachable"))
        self.assertEqual(sum(len(node.seen) for node in nodes.values()), 1)


if __name__ == "__main__":
    if nginx_program() is None:
        print("nginx is not installed (package nginx-light)")
        sys.exit(1)
    unittest.main(argv=sys.argv[:1], verbosity=1)
